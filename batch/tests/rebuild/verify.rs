//! `rebuild-timelines verify`: archives are as they were written, and their columns what their
//! bodies say.

use event_archive::{ArchivedEvent, Headers, write};
use generate_archive::{Archive, Options};
use task_timeline::EpochMs;
use webhook::Webhook;

use crate::damage::{WITHOUT_CHECKSUMS, normal_callback, with_flipped_bit};
use crate::job::{archive, program, text};
use crate::own_format::parquet;
use crate::store::Store;

/// An archive whose columns come from other bodies than those beside them. Its checksums are right.
fn derived_from(columns: &[String], bodies: &[String]) -> Vec<u8> {
    let events: Vec<ArchivedEvent<'_>> = columns
        .iter()
        .zip(bodies)
        .map(|(column, body)| ArchivedEvent {
            webhook: Webhook::parse(column.as_bytes()).unwrap(),
            arrived_at: EpochMs(1_790_000_000_000),
            headers: Headers::default(),
            body,
        })
        .collect();
    write(&events).unwrap()
}

/// Verifies a folder with these files; returns the exit code and what was said.
fn verify(files: &[(&str, &[u8])], options: &[&str]) -> (i32, String) {
    let events = archive(files);
    let output = program(&[&["verify", events.path().to_str().unwrap()], options].concat());
    (output.status.code().unwrap(), text(&output.stdout) + &text(&output.stderr))
}

#[test]
fn archives_that_are_as_they_were_written_are_counted() {
    let bodies: Vec<String> = normal_callback().lines().map(str::to_owned).collect();
    let whole = derived_from(&bodies, &bodies);
    let (code, said) =
        verify(&[("a", &whole), ("b", WITHOUT_CHECKSUMS), ("c.ndjson", b"{}\n")], &[]);
    assert_eq!(
        said,
        "archives                         2      rows                            22\n\
         without checksum                 1      erased bodies                    0\n\
         other files                      1      wrong                            0\n\
         not verified: c.ndjson is no archive\n"
    );
    assert_eq!(code, 0);
}

#[test]
fn a_damaged_file_and_a_row_that_is_not_its_body_are_named() {
    let bodies: Vec<String> = normal_callback().lines().map(str::to_owned).collect();
    let mut other = bodies.clone();
    other[1] = other[1].replace("task:parked", "task:connect");
    other[4] = other[4].replace("\"taskId\":\"0e563a11", "\"taskId\":\"0e563a12");
    assert!(other[1] != bodies[1] && other[4] != bodies[4]);
    let mut not_webhooks = bodies.clone();
    not_webhooks[2] = "{}".to_owned();
    let whole = derived_from(&bodies, &bodies);
    let (code, said) = verify(
        &[
            ("a.parquet", &derived_from(&other, &bodies)),
            ("b.parquet", &derived_from(&bodies, &not_webhooks)),
            ("c.parquet", &with_flipped_bit(&whole, 8 * whole.len() / 2)),
            ("d.parquet", &with_flipped_bit(&whole, 0)),
            ("whole.parquet", &whole),
        ],
        &[],
    );
    for named in [
        "wrong: a.parquet:2 not what the body says: type, identity\n",
        "wrong: a.parquet:5 not what the body says: task_id, identity\n",
        "wrong: b.parquet:3 the body cannot be read: `type` is missing\n",
        "wrong: c.parquet: the file is damaged: its checksum is not that of its content\n",
        "wrong: d.parquet: it does not begin as an archive does\n",
        "other files                      0      wrong                            5\n",
    ] {
        assert!(said.contains(named), "{named}: {said}");
    }
    assert_eq!(code, 3);
}

#[test]
fn an_erased_body_need_not_give_the_identity_and_any_other_must() {
    let bodies: Vec<String> = normal_callback().lines().map(str::to_owned).collect();
    let erased: Vec<String> =
        bodies.iter().map(|body| body.replace("+15550100101", "nobody")).collect();
    let changed = bodies.iter().zip(&erased).filter(|(body, erased)| body != erased).count();
    assert!(changed > 0);
    let bytes = derived_from(&bodies, &erased);
    let (code, said) = verify(&[("a", &bytes)], &["--erased", "nobody"]);
    assert!(said.contains(&format!("erased bodies {changed:>20}\n")), "{said}");
    assert_eq!(code, 0);
    let (code, said) = verify(&[("a", &bytes)], &[]);
    assert_eq!(said.matches("not what the body says: identity\n").count(), changed, "{said}");
    assert_eq!(code, 3);
}

#[test]
fn every_column_of_a_generated_archive_is_what_the_bodies_say() {
    let options = Options { tasks: 300, seed: 5, ..Options::default() };
    let generated = Archive::new(options).unwrap();
    let lines: Vec<String> = generated.deliveries().map(|delivery| delivery.line).collect();
    let bytes = parquet(lines.iter().map(|line| (EpochMs(1_790_000_000_000), line.as_str())));
    let (code, said) = verify(&[("a", &bytes)], &[]);
    assert_eq!(code, 0, "{said}");
}

#[test]
fn archives_in_s3_are_verified_as_in_a_folder() {
    let bodies: Vec<String> = normal_callback().lines().map(str::to_owned).collect();
    let whole = derived_from(&bodies, &bodies);
    let damaged = with_flipped_bit(&whole, 8 * (whole.len() / 2));
    let mut other = bodies.clone();
    other[1] = other[1].replace("task:parked", "task:connect");
    let files: [(&str, &[u8]); 4] = [
        ("date=2026-03-01/a", &whole),
        ("date=2026-03-01/b", &damaged),
        ("date=2026-03-02/c", &derived_from(&other, &bodies)),
        ("d.ndjson", b"{}\n"),
    ];
    let store = Store::start();
    for (name, bytes) in files {
        store.put(&format!("events/{name}"), bytes);
    }
    let output = store.program(&["verify", "s3://bucket/events"]);
    let said = text(&output.stdout) + &text(&output.stderr);
    assert_eq!((output.status.code().unwrap(), said), verify(&files, &[]));
    assert_eq!(output.status.code(), Some(3));
    let nothing = store.program(&["verify", "s3://bucket/nothing"]);
    assert_eq!(nothing.status.code(), Some(1), "{}", text(&nothing.stderr));
}

#[test]
fn a_place_without_archives_is_an_error() {
    let (code, said) = verify(&[("a.ndjson", b"{}\n")], &[]);
    assert!(said.contains("there are no archives of Trueline in "), "{said}");
    assert_eq!(code, 1);
}
