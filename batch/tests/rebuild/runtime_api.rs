//! Lambda's runtime API on loopback: hands one event after the other to a function that runs as a
//! process, and takes its answers.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex};

use serde_json::Value;

/// A function in its sandbox. It is ended with it.
pub struct Function {
    process: Child,
    events: Sender<Value>,
    answers: Receiver<Result<Value, Value>>,
}

impl Function {
    /// Starts the program as Lambda does.
    pub fn start(mut program: Command) -> Function {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let (events, waiting) = channel();
        let (answer, answers) = channel();
        program
            .env("AWS_LAMBDA_RUNTIME_API", listener.local_addr().unwrap().to_string())
            .env("AWS_LAMBDA_FUNCTION_NAME", "rebuild-timelines")
            .env("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "10240")
            .env("AWS_LAMBDA_FUNCTION_VERSION", "$LATEST")
            .env("AWS_LAMBDA_LOG_GROUP_NAME", "group")
            .env("AWS_LAMBDA_LOG_STREAM_NAME", "stream")
            .env("AWS_LAMBDA_LOG_FORMAT", "JSON")
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        let waiting = Arc::new(Mutex::new(waiting));
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let (waiting, answer) = (waiting.clone(), answer.clone());
                std::thread::spawn(move || serve(stream.unwrap(), &waiting, &answer));
            }
        });
        Function { process: program.spawn().unwrap(), events, answers }
    }

    /// Invokes it; an error is what Lambda is told of the failure.
    pub fn invoke(&self, event: Value) -> Result<Value, Value> {
        self.events.send(event).unwrap();
        self.answers.recv().unwrap()
    }

    /// Ends it. Returns what it logged.
    pub fn end(mut self) -> String {
        self.process.kill().unwrap();
        let mut logged = String::new();
        self.process.stdout.take().unwrap().read_to_string(&mut logged).unwrap();
        self.process.stderr.take().unwrap().read_to_string(&mut logged).unwrap();
        self.process.wait().unwrap();
        logged
    }
}

/// Answers the requests of one connection, until it is closed.
fn serve(
    mut stream: TcpStream,
    events: &Mutex<Receiver<Value>>,
    answers: &Sender<Result<Value, Value>>,
) {
    let mut requests = BufReader::new(stream.try_clone().unwrap());
    while let Some((path, body)) = request(&mut requests) {
        let answer = if path.ends_with("/invocation/next") {
            let Ok(event) = events.lock().unwrap().recv() else { return };
            let event = event.to_string();
            format!(
                "HTTP/1.1 200 OK\r\nLambda-Runtime-Aws-Request-Id: 1\r\n\
                 Lambda-Runtime-Deadline-Ms: 4102444800000\r\n\
                 Lambda-Runtime-Invoked-Function-Arn: arn\r\nContent-Length: {}\r\n\r\n{event}",
                event.len()
            )
        } else {
            let answer: Value = serde_json::from_slice(&body).unwrap();
            let answer = if path.ends_with("/response") { Ok(answer) } else { Err(answer) };
            answers.send(answer).unwrap();
            "HTTP/1.1 202 Accepted\r\nContent-Length: 0\r\n\r\n".to_owned()
        };
        stream.write_all(answer.as_bytes()).unwrap();
    }
}

fn request(requests: &mut impl BufRead) -> Option<(String, Vec<u8>)> {
    let (mut first, mut length) = (String::new(), 0);
    requests.read_line(&mut first).ok()?;
    let path = first.split(' ').nth(1)?.to_owned();
    loop {
        let mut header = String::new();
        requests.read_line(&mut header).ok()?;
        match header.trim().split_once(": ") {
            None => break,
            Some((name, value)) if name.eq_ignore_ascii_case("content-length") => {
                length = value.parse().unwrap();
            }
            Some(_) => {}
        }
    }
    let mut body = vec![0; length];
    requests.read_exact(&mut body).ok()?;
    Some((path, body))
}
