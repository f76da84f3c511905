//! The program as people call it.

use std::fs;
use std::io::Read;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use generate_archive::{Archive, Options};

use crate::job::{archive, program, sample, text};

#[test]
fn a_bare_place_prints_the_figures_and_writes_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let events = sample("webhooks");
    let output = Command::new(env!("CARGO_BIN_EXE_rebuild-timelines"))
        .arg(&events)
        .current_dir(folder.path())
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", text(&output.stderr));
    assert!(text(&output.stdout).contains("callback requests"), "{}", text(&output.stdout));
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
}

#[test]
fn the_beginning_of_an_id_is_enough_if_no_other_begins_so() {
    let events = sample("webhooks");
    let events = events.to_str().unwrap();
    let output = program(&["--events", events, "--task", "3b71"]);
    let shown = text(&output.stdout);
    assert!(shown.starts_with("task 3b71ea1d-7511-5bef-a8e5-d7924474b57a\n"), "{shown}");
    assert_eq!(shown.matches("task ").count(), 1, "{shown}");
}

#[test]
fn an_id_that_more_than_one_task_begins_with_is_an_error_that_names_some() {
    let line = |task: &str| {
        format!(
            r#"{{"type":"task:new","comciscoorgid":"o","data":{{"taskId":"{task}","createdTime":1665781611000}}}}"#
        )
    };
    let lines = ["call-1", "call-12", "other"].map(line).join("\n");
    let events = archive(&[("a.ndjson", lines.as_bytes())]);
    let shown =
        |task: &str| program(&["--events", events.path().to_str().unwrap(), "--task", task]);
    let output = shown("call");
    assert_eq!(output.status.code(), Some(1));
    let error = text(&output.stderr);
    assert!(error.contains("several tasks begin with call, like call-1 and call-12"), "{error}");
    // A whole id is that task, whatever others begin with it.
    assert!(text(&shown("call-1").stdout).starts_with("task call-1\n"));
}

#[test]
fn names_are_shown_in_place_of_ids_also_for_one_task() {
    let events = sample("webhooks");
    let names = archive(&[("names.csv", b"ff339aee-df74-5ff5-be8a-31c8d36bc7de,Night desk\n")]);
    let names = names.path().join("names.csv");
    let (events, names) = (events.to_str().unwrap(), names.to_str().unwrap());
    let output = program(&["--events", events, "--task", "3b71", "--names", names]);
    let shown = text(&output.stdout);
    assert!(shown.contains(" Night desk"), "{shown}");
    assert!(!shown.contains("ff339ae"), "{shown}");
    assert!(shown.lines().all(|line| line.chars().count() <= 80), "{shown}");
}

#[test]
fn options_that_do_not_fit_together_are_usage_errors() {
    let dates = ["--from", "2026-03-02", "--to", "2026-03-01"];
    let output = program(&[["nowhere"].as_slice(), &dates].concat());
    assert_eq!(output.status.code(), Some(2));
    let error = text(&output.stderr);
    assert!(error.contains("--from is after --to") && error.contains("Usage:"), "{error}");
}

#[test]
fn a_reader_that_has_seen_enough_is_no_error() {
    let events = sample("webhooks");
    let mut child = Command::new(env!("CARGO_BIN_EXE_rebuild-timelines"))
        .arg(&events)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let mut errors = String::new();
    child.stderr.take().unwrap().read_to_string(&mut errors).unwrap();
    assert!(child.wait().unwrap().success(), "{errors}");
    assert!(!errors.contains("panicked"), "{errors}");
}

#[cfg(unix)]
#[test]
fn an_interrupted_run_leaves_nothing_behind() {
    let lines: Vec<String> = Archive::new(Options { tasks: 3_000, ..Options::default() })
        .unwrap()
        .deliveries()
        .map(|delivery| delivery.line)
        .collect();
    let events = archive(&[("all.ndjson", lines.join("\n").as_bytes())]);
    let [out, csv] = [(); 2].map(|()| tempfile::tempdir().unwrap());
    let [events, out_folder, csv_folder] =
        [&events, &out, &csv].map(|folder| folder.path().to_str().unwrap());
    let mut child = Command::new(env!("CARGO_BIN_EXE_rebuild-timelines"))
        .args(["--events", events, "--out", out_folder, "--csv", csv_folder])
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let waiting_since = Instant::now();
    while fs::read_dir(csv.path()).unwrap().count() == 0 {
        assert!(waiting_since.elapsed() < Duration::from_secs(60), "no run began");
        std::thread::sleep(Duration::from_millis(2));
    }
    let interrupt = Command::new("kill").args(["-INT", &child.id().to_string()]).status();
    assert!(interrupt.unwrap().success());
    assert_eq!(child.wait().unwrap().code(), Some(130));
    for folder in [out, csv] {
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0, "something is left behind");
    }
}
