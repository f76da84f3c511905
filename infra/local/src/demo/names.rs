//! Display names for the demo, as a tenant would list them in `names.csv`.

use std::fmt::Write as _;

use anyhow::{Context, Result};
use generate_archive::org::Org;
use local_stack::{BUCKET, Trueline, clients};
use rebuild_timelines::Location;

use crate::busy_hour;

/// The organization and the queue of the sample.
const SAMPLE: [(&str, &str); 2] = [
    ("14c6c3b0-d36a-5bc6-a52b-33ef40c2d7ba", "Sample of 14 October 2022 (over)"),
    ("ff339aee-df74-5ff5-be8a-31c8d36bc7de", "Service"),
];

const QUEUES: [&str; 12] = [
    "Billing",
    "Bookings",
    "Cancellations",
    "Claims",
    "Complaints",
    "Deliveries",
    "New customers",
    "Payments",
    "Repairs",
    "Returns",
    "Sales",
    "Technical support",
];

const GIVEN_NAMES: [&str; 20] = [
    "Ada", "Ben", "Carla", "Dev", "Elif", "Finn", "Grace", "Hugo", "Ines", "Jonas", "Kemal",
    "Lena", "Mia", "Noor", "Oskar", "Petra", "Quinn", "Rosa", "Sami", "Tara",
];

/// Where the names lie.
pub(crate) fn location() -> Location {
    Location::S3 { bucket: BUCKET.to_owned(), prefix: functions::store::bucket::NAMES.to_owned() }
}

/// Puts the names of all organizations of the demo into the bucket.
pub(crate) async fn put(trueline: &Trueline) -> Result<()> {
    let mut csv = String::from("id,name\n");
    let mut name = |id: &dyn std::fmt::Display, name: &str| {
        let _infallible = writeln!(csv, "{id},{name}");
    };
    SAMPLE.iter().for_each(|(id, of)| name(id, of));
    let generated = [
        (generate_archive::Options::default().seed, "Generated for 14 October 2022 (over)"),
        (busy_hour::SEED, "Generated calls of today"),
    ];
    for (seed, of) in generated {
        let org = Org::new(seed);
        name(&org.id, of);
        org.queues.iter().zip(QUEUES).for_each(|(queue, of)| name(queue, of));
        for (at, agent) in org.agents.iter().enumerate() {
            let (given, family) = (at % GIVEN_NAMES.len(), at / GIVEN_NAMES.len());
            let initial = char::from(b'A' + u8::try_from(family % 26)?);
            name(&agent.id, &format!("{} {initial}.", GIVEN_NAMES[given]));
        }
    }
    let s3 = clients::s3(&trueline.services.object_store.endpoint());
    let put = s3.put_object().bucket(BUCKET).key(functions::store::bucket::NAMES);
    put.body(csv.into_bytes().into()).send().await.context("cannot put the names")?;
    Ok(())
}
