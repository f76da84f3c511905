//! The stored form of a state. Its bytes are kept here: a field that moves, or a variant that gets
//! another number, would let states that are stored already be read wrongly.

use expect_test::{Expect, expect};
use task_timeline::*;

use crate::script::{deliveries, events};

/// Folds the script and compares the bytes. Where they change, so must the version, the first byte.
fn check(script: &str, expect: Expect) {
    let timeline = Timeline::fold(deliveries(&events(script)), Limits::default(), &mut ());
    let bytes = timeline.encode().unwrap();
    assert_eq!(Timeline::decode(&bytes).unwrap(), timeline);
    let lines: Vec<String> = bytes
        .chunks(24)
        .map(|line| line.iter().map(|byte| format!("{byte:02x}")).collect::<Vec<_>>().join(" "))
        .collect();
    expect.assert_eq(&lines.join("\n"));
}

#[test]
fn a_caller_who_waits() {
    check(
        "0 new \n 10 parked Q1",
        expect![[r#"
            03 01 a0 bc ac fe f9 62 03 bf b6 b9 f8 80 c6 9f e5 c3 a6 f0 c2 a4 f9 d3
            f1 c1 ab 01 02 dd 8d da 87 d6 81 c6 93 ec 93 96 b6 98 c4 92 a8 9d fd 01
            00 00 01 80 a0 ab fe f9 62 01 00 01 00 00 01 01 02 51 31 01 01 02 51 31
            02 00 00 01 a0 bc ac fe f9 62 00 00 00 00 00 00 00 00 00 00 00 01 00 00
            80 a0 ab fe f9 62 01 a0 bc ac fe f9 62 00 00 00 e2 bb e3 ff d6 c7 d9 f6
            af b5 e6 f4 bc bd c1 d9 dc 56 01 00 01 a0 bc ac fe f9 62 00 01 01 02 51
            31 00 00 bf b6 b9 f8 80 c6 9f e5 c3 a6 f0 c2 a4 f9 d3 f1 c1 ab 01 00 00
            00 00 00 00 00 00 00 00 00 01 a0 bc ac fe f9 62 00 00 00 00 00"#]],
    );
}

#[test]
fn a_callback_that_may_have_been_picked_up() {
    check(
        "
            0      new
            10     parked Q1
            60     signal Q1
            500    connect Q1 callback
            500.02 agent A1 ringing
            502    connected Q1 callback
            510    agent A1 connected
        ",
        expect![[r#"
            03 01 e0 c0 e9 fe f9 62 10 f3 f4 eb f5 f3 ab 82 8e 8d 9a e4 e7 c4 e1 f9
            b1 bd 2d 07 ce b1 c3 82 e6 e2 a9 cd df 9d e8 bd 9d cb c9 89 91 93 02 00
            00 01 80 a0 ab fe f9 62 01 00 01 00 00 01 01 02 51 31 01 01 02 51 31 06
            e0 c3 e8 fe f9 62 e0 84 e4 bb 91 a5 9b 9c df e6 e2 ad e4 fa a4 90 8e e2
            03 01 00 e0 c0 e9 fe f9 62 f3 f4 eb f5 f3 ab 82 8e 8d 9a e4 e7 c4 e1 f9
            b1 bd 2d 03 00 00 01 a0 bc ac fe f9 62 03 a0 9c 01 a0 8d 06 80 db 35 00
            00 00 00 00 00 00 01 00 03 c0 a4 e8 fe f9 62 01 e0 c3 e8 fe f9 62 01 01
            02 51 31 01 00 00 b4 fa e9 8e d7 c9 9e b9 a8 ad ba f4 85 ad a1 dd a0 dd
            02 01 00 05 e0 c3 e8 fe f9 62 00 01 01 02 51 31 01 00 00 e0 84 e4 bb 91
            a5 9b 9c df e6 e2 ad e4 fa a4 90 8e e2 03 01 00 c0 a4 e8 fe f9 62 01 01
            02 41 31 01 e0 c3 e8 fe f9 62 00 00 00 00 00 01 00 28 00 00 01 01 01 02
            41 31 e0 c0 e9 fe f9 62 01 01 fd d3 dd e9 f9 b6 ab b1 af 01 00 01 01 fd
            d3 dd e9 f9 b6 ab b1 af 01 00 00 00 00 00 01 01 a0 bc ac fe f9 62 01 c0
            a4 e8 fe f9 62 01 e0 c3 e8 fe f9 62 00 01 c0 a4 e8 fe f9 62 00"#]],
    );
}

#[test]
fn an_agent_on_hold_who_may_have_left_and_one_in_wrap_up() {
    check(
        "
            0      new
            1      connect Q1
            1.02   agent A1 ringing
            2      connected Q1
            9      parked Q2
            9.1    agent A1 wrapup
            20     connect Q2
            20.1   agent A2 ringing
            22     connected Q2
            22.1   agent A2 connected
            30     on-hold
            40     agent A2 wrapup
        ",
        expect![[r#"
            03 01 80 91 b0 fe f9 62 10 b7 8b c2 af fc df e9 b5 ca d4 bf f7 b3 91 fc
            91 de c7 02 0c a1 98 ea c6 94 85 9c 8a a9 f7 af fb f9 f4 b5 95 a2 8c 02
            00 00 01 80 a0 ab fe f9 62 01 00 01 00 00 01 01 02 51 31 01 01 02 51 32
            07 01 00 00 01 80 91 b0 fe f9 62 b7 8b c2 af fc df e9 b5 ca d4 bf f7 b3
            91 fc 91 de c7 02 00 01 01 c0 d8 ad fe f9 62 05 d0 0f f0 ab 01 00 f0 2e
            00 00 b0 6d 00 00 00 01 00 06 e0 f7 ad fe f9 62 01 e0 f4 ae fe f9 62 01
            01 02 51 32 01 01 00 cd ca ea c5 ee a7 a4 9c fe f0 94 db bf f2 ee 96 ea
            6c 01 00 07 e0 f4 ae fe f9 62 00 01 01 02 51 32 01 01 00 ff 93 f7 cc d3
            83 a3 8f ff c5 b3 cd d0 e3 95 b8 b6 cc 02 01 01 c0 d8 ad fe f9 62 01 01
            02 41 32 01 e0 f7 ad fe f9 62 01 e0 f7 ad fe f9 62 00 00 00 00 01 00 c8
            01 01 00 00 00 02 01 fd d3 dd e9 f9 b6 ab b1 af 01 00 01 8c b9 c9 c4 b0
            c3 c3 fc d0 01 01 02 01 fd d3 dd e9 f9 b6 ab b1 af 01 00 98 ae ac fe f9
            62 01 8c b9 c9 c4 b0 c3 c3 fc d0 01 01 80 91 b0 fe f9 62 00 00 00 00 01
            d0 ac ac fe f9 62 01 d0 af ab fe f9 62 01 a0 bf ab fe f9 62 00 01 c0 d8
            ad fe f9 62 00"#]],
    );
}

#[test]
fn a_recording_in_a_conference() {
    check(
        "
            0      new
            1      connect Q1
            2      connected Q1
            3      conferencing
            9      capture
        ",
        expect![[r#"
            03 01 d0 ac ac fe f9 62 0f c1 d4 d2 b3 b6 8f c0 94 ed db e2 ab cd a8 af
            b3 af 0b 05 86 f7 ac c7 d1 db 92 a9 bc dd 96 b6 b2 ae 85 e1 a2 68 00 00
            01 80 a0 ab fe f9 62 01 00 01 00 00 01 01 02 51 31 01 01 02 51 31 09 d0
            ac ac fe f9 62 c1 d4 d2 b3 b6 8f c0 94 ed db e2 ab cd a8 af b3 af 0b 00
            00 00 01 00 01 01 d0 af ab fe f9 62 02 d0 0f 00 00 d0 0f 00 00 00 00 00
            00 01 00 06 a0 bf ab fe f9 62 01 f0 ce ab fe f9 62 01 01 02 51 31 01 00
            00 90 ed bd d7 a6 92 a0 cb b7 95 82 e8 d8 b7 d7 f1 e7 71 01 00 09 f0 ce
            ab fe f9 62 00 01 01 02 51 31 01 00 00 8d f2 dc d9 f4 a5 80 84 be a2 cb
            e0 ce d0 eb e8 d7 98 01 01 00 d0 af ab fe f9 62 00 01 a0 bf ab fe f9 62
            01 a0 bf ab fe f9 62 00 00 00 00 00 00 00 00 00 01 00 00 00 00 00 00 00
            00 01 d0 af ab fe f9 62 01 a0 bf ab fe f9 62 00 00 00"#]],
    );
}

#[test]
fn a_task_that_ended() {
    check(
        "
            0      new outdial
            1      connect outdial
            2      ended outdial System RONA_Timer_Expired
        ",
        expect![[r#"
            03 01 a0 bf ab fe f9 62 0d 96 e7 97 ee f6 82 d5 b8 a5 fa b9 92 96 c5 d9
            81 aa 8d 03 03 f2 ba c2 c4 f6 9f 98 fa 96 ba bb ce a2 b0 f1 f4 c8 ea 02
            00 00 01 80 a0 ab fe f9 62 01 00 01 01 02 00 00 0a a0 bf ab fe f9 62 96
            e7 97 ee f6 82 d5 b8 a5 fa b9 92 96 c5 d9 81 aa 8d 03 01 02 01 12 52 4f
            4e 41 5f 54 69 6d 65 72 5f 45 78 70 69 72 65 64 02 00 00 00 00 00 01 d0
            0f 00 00 00 00 00 00 00 00 00 01 00 03 d0 af ab fe f9 62 01 a0 bf ab fe
            f9 62 00 01 00 00 a8 d6 f1 a9 9f 9e d0 89 c0 c9 ad a1 f5 ca c7 89 be a3
            03 00 01 00 d0 af ab fe f9 62 00 00 00 01 a0 bf ab fe f9 62 00 01 00 00
            00 00 00 00 00 00 00 00 00 00 00 01 d0 af ab fe f9 62 00 01 a0 bf ab fe
            f9 62 00 00"#]],
    );
}

#[test]
fn every_other_stage() {
    check(
        "0 agent A1 ringing",
        expect![[r#"
            03 01 80 a0 ab fe f9 62 10 b2 ae b4 8e f0 a5 a5 85 e0 e4 a0 9b ea 81 e7
            a7 fe 05 01 b2 ae b4 8e f0 a5 a5 85 e0 e4 a0 9b ea 81 e7 a7 fe 05 00 00
            00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00
            00 00 01 00 01 02 41 31 80 a0 ab fe f9 62 00 00 00 00 00 00 00 00 00 00
            00 00 00"#]],
    );
    check(
        "0 new",
        expect![[r#"
            03 01 80 a0 ab fe f9 62 00 e2 bb e3 ff d6 c7 d9 f6 af b5 e6 f4 bc bd c1
            d9 dc 56 01 e2 bb e3 ff d6 c7 d9 f6 af b5 e6 f4 bc bd c1 d9 dc 56 00 00
            01 80 a0 ab fe f9 62 01 00 01 00 00 00 00 01 00 00 00 00 00 00 00 00 00
            00 00 00 00 00 00 01 00 00 80 a0 ab fe f9 62 00 00 00 00 e2 bb e3 ff d6
            c7 d9 f6 af b5 e6 f4 bc bd c1 d9 dc 56 00 00 00 00 00 00 00 00 00 00 00
            00 00 00 00 00 00"#]],
    );
    check(
        "0 parked Q1 callback",
        expect![[r#"
            03 01 80 a0 ab fe f9 62 03 f8 ba aa ab 80 f5 fd d8 93 89 a4 f5 b1 d4 e8
            e9 e1 c2 02 01 f8 ba aa ab 80 f5 fd d8 93 89 a4 f5 b1 d4 e8 e9 e1 c2 02
            00 00 01 80 a0 ab fe f9 62 01 00 01 01 00 01 01 02 51 31 01 01 02 51 31
            03 03 01 00 00 00 00 00 00 00 00 00 00 00 00 00 00 01 00 02 80 a0 ab fe
            f9 62 00 01 01 02 51 31 00 00 f8 ba aa ab 80 f5 fd d8 93 89 a4 f5 b1 d4
            e8 e9 e1 c2 02 00 00 00 00 00 00 00 00 00 00 00 01 80 a0 ab fe f9 62 00
            00 00 00 00"#]],
    );
    check(
        "0 connect Q1",
        expect![[r#"
            03 01 80 a0 ab fe f9 62 04 f3 dc a2 a1 f3 f7 a0 de a0 9a f5 ad 9a 95 fe
            bc 87 e9 01 01 f3 dc a2 a1 f3 f7 a0 de a0 9a f5 ad 9a 95 fe bc 87 e9 01
            00 00 01 80 a0 ab fe f9 62 01 00 01 00 00 01 01 02 51 31 01 01 02 51 31
            05 00 00 01 80 a0 ab fe f9 62 00 00 00 00 00 00 00 00 00 00 00 00 01 00
            03 80 a0 ab fe f9 62 00 01 01 02 51 31 01 00 00 f3 dc a2 a1 f3 f7 a0 de
            a0 9a f5 ad 9a 95 fe bc 87 e9 01 01 00 80 a0 ab fe f9 62 00 00 00 00 00
            06 00 00 00 00 00 00 00 00 00 00 00 00 00 01 80 a0 ab fe f9 62 00 00 00
            00"#]],
    );
    check(
        "0 connected Q1 \n 10 agent A1 wrapup \n 20 hold-done",
        expect![[r#"
            03 01 c0 d8 ad fe f9 62 07 ab 94 bf f9 ac 84 8f c7 e2 ac ad ae a6 a1 a7
            f7 fd b6 01 03 a8 b8 95 c7 c9 83 8a cb cc 9d 8f 90 88 ff a3 e6 b3 af 02
            00 00 01 80 a0 ab fe f9 62 01 00 01 00 00 01 01 02 51 31 01 01 02 51 31
            08 00 01 00 00 00 00 00 00 00 00 00 00 00 00 01 00 06 80 a0 ab fe f9 62
            01 a0 bc ac fe f9 62 01 01 02 51 31 00 00 a7 86 ae cf a3 b2 e9 e7 9e 9f
            b2 b2 c8 91 b5 9c a7 d0 03 01 00 00 a0 bc ac fe f9 62 00 00 00 00 a4 aa
            84 f1 c6 b5 ec eb b0 ae 90 8c e6 cf b1 8d e9 49 00 00 00 00 00 00 00 00
            00 00 01 00 00 01 80 a0 ab fe f9 62 00 00 00"#]],
    );
}

#[test]
fn another_version_is_an_error() {
    let mut bytes = Timeline::default().encode().unwrap();
    bytes[0] -= 1;
    assert!(matches!(Timeline::decode(&bytes), Err(StoredError::OtherVersion { .. })));
    assert!(matches!(Timeline::decode(&[]), Err(StoredError::Empty)));
}
