//! A port of the local stack closes a connection on which a request stands still, and no other.

use std::time::Duration;

use anyhow::Result;
use lambda_http::{Body, Response};
use local_stack::HttpApi;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::{sleep, timeout};

const PATIENCE: Duration = Duration::from_secs(1);
/// More than enough for a connection to be closed, on a busy machine too.
const FAR_MORE: Duration = Duration::from_secs(20);

const HEAD: &str = "POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 6\r\n\r\n";

/// A port at which the function takes `needs`, then answers with the body.
async fn start(needs: Duration) -> Result<HttpApi> {
    HttpApi::with_patience(PATIENCE, 0, move |request| async move {
        sleep(needs).await;
        Response::new(Body::from(request.body().to_vec()))
    })
    .await
}

async fn connect(api: &HttpApi) -> Result<TcpStream> {
    Ok(TcpStream::connect(api.url().trim_start_matches("http://")).await?)
}

/// What comes until the connection is closed.
async fn rest(stream: &mut TcpStream) -> Result<String> {
    let mut bytes = Vec::new();
    timeout(FAR_MORE, stream.read_to_end(&mut bytes)).await??;
    Ok(String::from_utf8(bytes)?)
}

/// One answer with `body`, after which the connection stays open.
async fn answer(stream: &mut TcpStream, body: &str) -> Result<()> {
    let mut text = String::new();
    while !text.ends_with(body) {
        let mut bytes = [0; 1_000];
        let length = timeout(FAR_MORE, stream.read(&mut bytes)).await??;
        anyhow::ensure!(length > 0, "closed after {text:?}");
        text += std::str::from_utf8(&bytes[..length])?;
    }
    anyhow::ensure!(text.starts_with("HTTP/1.1 200"), "{text:?}");
    Ok(())
}

#[tokio::test]
async fn a_connection_on_which_a_request_stands_still_is_closed() -> Result<()> {
    let api = start(Duration::ZERO).await?;
    for half in ["", "POST / HT", &HEAD[..30], &HEAD[..HEAD.len() - 2]] {
        let mut stream = connect(&api).await?;
        stream.write_all(half.as_bytes()).await?;
        let said = rest(&mut stream).await?;
        assert!(!said.contains(" 200 "), "{half:?}: {said}");
    }
    for half in [HEAD.to_owned(), format!("{HEAD}abc")] {
        let mut stream = connect(&api).await?;
        stream.write_all(half.as_bytes()).await?;
        let said = rest(&mut stream).await?;
        assert!(said.starts_with("HTTP/1.1 408"), "{half:?}: {said}");
    }
    Ok(())
}

#[tokio::test]
async fn a_connection_without_a_next_request_is_closed() -> Result<()> {
    let api = start(Duration::ZERO).await?;
    let mut stream = connect(&api).await?;
    stream.write_all(format!("{HEAD}abcdef").as_bytes()).await?;
    answer(&mut stream, "abcdef").await?;
    assert_eq!(rest(&mut stream).await?, "");
    Ok(())
}

#[tokio::test]
async fn a_body_that_goes_on_slowly_is_taken_and_its_connection_kept() -> Result<()> {
    let api = start(Duration::ZERO).await?;
    let mut stream = connect(&api).await?;
    stream.set_nodelay(true)?;
    for _request in 0..2 {
        stream.write_all(HEAD.as_bytes()).await?;
        for byte in b"abcdef" {
            sleep(PATIENCE / 4).await;
            stream.write_all(&[*byte]).await?;
        }
        answer(&mut stream, "abcdef").await?;
    }
    Ok(())
}

#[tokio::test]
async fn a_whole_request_has_all_the_time_that_it_needs() -> Result<()> {
    let api = start(PATIENCE * 2).await?;
    let mut stream = connect(&api).await?;
    stream.write_all(format!("{HEAD}abcdef").as_bytes()).await?;
    answer(&mut stream, "abcdef").await
}

#[tokio::test]
async fn half_a_request_does_not_hold_up_the_stop() -> Result<()> {
    let api = start(Duration::ZERO).await?;
    let mut stream = connect(&api).await?;
    stream.write_all(&HEAD.as_bytes()[..30]).await?;
    timeout(FAR_MORE, api.stop()).await?
}
