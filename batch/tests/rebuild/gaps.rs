//! Times without a subscription are in the receipt, and so on the page.

use serde_json::json;

use crate::job::{archive, run, sample};

const MINUTE: i64 = 60_000;
/// 2022-10-14 18:34:00, as the sample begins.
const BEGIN: i64 = 1_665_772_440_000;

fn gap(resource: &str, from: i64, until: Option<i64>) -> String {
    json!({
        "v": 1, "resource": resource, "subscriptionId": null,
        "from": from, "until": until, "reason": "missing",
    })
    .to_string()
}

#[test]
fn gaps_are_told_in_the_order_of_their_begin() {
    let late = gap("task", BEGIN + 5 * MINUTE, None);
    let early = gap("agent", BEGIN, Some(BEGIN + MINUTE));
    let long_ago = gap("task", BEGIN - 10_000 * MINUTE, Some(BEGIN - 9_000 * MINUTE));
    let files = [("a/late.json", late), ("b/early.json", early), ("long-ago.json", long_ago)];
    let files = files.each_ref().map(|(name, gap)| (*name, gap.as_bytes()));
    let gaps = archive(&files);
    let place = gaps.path().to_str().unwrap();
    let days = ["--from", "2022-10-14", "--to", "2022-10-14"];
    let run = run(&sample("webhooks"), &[["--gaps", place].as_slice(), &days].concat());
    let expected = json!([
        {
            "from": "2022-10-14T18:34:00Z", "until": "2022-10-14T18:35:00Z", "resource": "agent",
            "subscription_id": null, "reason": "missing",
        },
        {
            "from": "2022-10-14T18:39:00Z", "until": null, "resource": "task",
            "subscription_id": null, "reason": "missing",
        },
    ]);
    assert_eq!(run.receipt()["gaps"], expected);
}

#[test]
fn no_folder_of_gaps_is_no_gap() {
    let run = run(&sample("webhooks"), &["--gaps", "/nowhere/gaps"]);
    assert_eq!(run.receipt()["gaps"], json!([]));
}
