//! Section G of the specification: what agents do, from login to logout.

use expect_test::expect;

use crate::agent_script::check;

const HOUR: i64 = 3_600;

/// G2, G3: a shift with each state, and what the closing ones lead back to.
#[test]
fn a_shift_from_login_to_logout() {
    check(
        "
            0      login
            1      telephony idle C1
            60     telephony available
            90     telephony ringing T1
            96     telephony connected T1
            120    telephony on-hold T1
            150    telephony hold-done T1
            160    telephony consulting T1
            180    telephony consult-done T1
            190    telephony conferencing T1
            200    telephony conference-done T1
            240    telephony wrapup T1
            270    telephony wrapup-done T1
            300    telephony ringing T2
            318    telephony not-responding T2
            330    telephony idle C2
            400    telephony logged-out
            400.02 logout
        ",
        HOUR,
        expect![[r#"
            -         idle               0.000     1.000 observed
            telephony idle               1.000    60.000 observed C1
            telephony available         60.000    90.000 observed
            telephony ringing           90.000    96.000 observed T1
            telephony connected         96.000   120.000 observed T1
            telephony on_hold          120.000   150.000 observed T1
            telephony connected        150.000   160.000 observed T1
            telephony consulting       160.000   180.000 observed T1
            telephony connected        180.000   190.000 observed T1
            telephony conferencing     190.000   200.000 observed T1
            telephony connected        200.000   240.000 observed T1
            telephony wrapup           240.000   270.000 observed T1
            telephony available        270.000   300.000 observed
            telephony ringing          300.000   318.000 observed T2
            telephony not_responding   318.000   330.000 observed T2
            telephony idle             330.000   400.000 observed C2
            all       idle               0.000    60.000 observed C1
            all       available         60.000    90.000 observed
            all       ringing           90.000    96.000 observed
            all       connected         96.000   120.000 observed
            all       on_hold          120.000   150.000 observed
            all       connected        150.000   160.000 observed
            all       consulting       160.000   180.000 observed
            all       connected        180.000   190.000 observed
            all       conferencing     190.000   200.000 observed
            all       connected        200.000   240.000 observed
            all       wrapup           240.000   270.000 observed
            all       available        270.000   300.000 observed
            all       ringing          300.000   318.000 observed
            all       not_responding   318.000   330.000 observed
            all       idle             330.000   400.000 observed C2
        "#]],
    );
}

/// G3.
#[test]
fn the_same_state_again_is_no_change() {
    check(
        "
            0      telephony idle
            10     telephony idle C1
            20     telephony idle
            30     telephony idle C2
            40     telephony ringing
            40.1   telephony ringing T1
            50     telephony connected T1
            60     telephony connected T2
            70     telephony idle C1 T2
            70     logout
        ",
        HOUR,
        expect![[r#"
            telephony idle               0.000    30.000 observed C1
            telephony idle              30.000    40.000 observed C2
            telephony ringing           40.000    50.000 observed T1
            telephony connected         50.000    60.000 observed T1
            telephony connected         60.000    70.000 observed T2
            all       idle               0.000    30.000 observed C1
            all       idle              30.000    40.000 observed C2
            all       ringing           40.000    50.000 observed
            all       connected         50.000    70.000 observed
        "#]],
    );
}

/// G2, G5: events without a known state.
#[test]
fn an_event_without_a_state_says_only_that_the_agent_is_there() {
    check(
        "
            0      -
            10     - available
            20     - dreaming
            30000  -
            70000  - idle
        ",
        100_000,
        expect![[r#"
            -         available         10.000 70000.000 observed
            -         idle           70000.000         - observed
            all       available         10.000 70000.000 observed
            all       idle           70000.000         - observed
        "#]],
    );
}

/// G4.
#[test]
fn what_comes_within_a_second_of_login_or_logout_belongs_to_it() {
    check(
        "
            0      telephony available
            0.02   login
            0.04   login idle
            600    logout
            600.03 telephony wrapup-done T1
            601    telephony idle
            605    login
            700    - logged-out
            701.1  - available
        ",
        HOUR,
        expect![[r#"
            -         idle             605.000   700.000 observed
            -         available        701.100         - observed
            telephony available          0.000   600.000 observed
            all       available          0.000   600.000 observed
            all       idle             605.000   700.000 observed
            all       available        701.100         - observed
        "#]],
    );
}

/// G4.
#[test]
fn who_has_logged_out_of_each_channel_has_logged_out() {
    check(
        "
            0      login
            1      telephony available
            2      chat available
            100    chat logged-out
            200    telephony logged-out
        ",
        HOUR,
        expect![[r#"
            -         idle               0.000     1.000 observed
            telephony available          1.000   200.000 observed
            chat      available          2.000   100.000 observed
            all       idle               0.000     1.000 observed
            all       available          1.000   200.000 observed
        "#]],
    );
}

/// G5.
#[test]
fn a_lost_logout_ends_the_shift_before_a_long_silence_or_at_the_next_login() {
    check(
        "
            0      login
            10     - available
            100    - wrapup T1
            43300  - available
            86501  - idle
            86511  - available
            90000  login
            90010  - available
        ",
        150_000,
        expect![[r#"
            -         idle               0.000    10.000 observed
            -         available         10.000   100.000 observed
            -         wrapup           100.000 43300.000 observed T1
            -         idle           86501.000 86511.000 observed
            -         available      86511.000 90000.000 inferred
            -         idle           90000.000 90010.000 observed
            all       idle               0.000    10.000 observed
            all       available         10.000   100.000 observed
            all       wrapup           100.000 43300.000 observed
            all       idle           86501.000 86511.000 observed
            all       available      86511.000 90000.000 inferred
            all       idle           90000.000 90010.000 observed
        "#]],
    );
}

/// G5: nothing is known of the agent since.
#[test]
fn an_open_shift_ends_with_a_silence_up_to_the_as_of_time() {
    let script = "
            0      login
            10     telephony available
            20     telephony idle
            30     chat idle
        ";
    check(
        script,
        30 + 12 * HOUR,
        expect![[r#"
        -         idle               0.000    10.000 observed
        telephony available         10.000    20.000 observed
        telephony idle              20.000         - observed
        chat      idle              30.000         - observed
        all       idle               0.000    10.000 observed
        all       available         10.000    20.000 observed
        all       idle              20.000         - observed
    "#]],
    );
    check(
        script,
        31 + 12 * HOUR,
        expect![[r#"
        -         idle               0.000    10.000 observed
        telephony available         10.000    20.000 observed
        telephony idle              20.000    30.000 inferred
        all       idle               0.000    10.000 observed
        all       available         10.000    20.000 observed
        all       idle              20.000    30.000 inferred
    "#]],
    );
}

/// G6.
#[test]
fn of_several_channels_the_busiest_one_counts() {
    check(
        "
            0      telephony available
            0      chat available
            10     chat ringing T1
            20     chat connected T1
            30     telephony ringing T2
            40     telephony connected T2
            50     chat wrapup T1
            60     chat wrapup-done
            70     telephony on-hold T2
            80     telephony idle C1
            90     chat idle C2
            100    logout
        ",
        HOUR,
        expect![[r#"
            telephony available          0.000    30.000 observed
            telephony ringing           30.000    40.000 observed T2
            telephony connected         40.000    70.000 observed T2
            telephony on_hold           70.000    80.000 observed T2
            telephony idle              80.000   100.000 observed C1
            chat      available          0.000    10.000 observed
            chat      ringing           10.000    20.000 observed T1
            chat      connected         20.000    50.000 observed T1
            chat      wrapup            50.000    60.000 observed T1
            chat      available         60.000    90.000 observed
            chat      idle              90.000   100.000 observed C2
            all       available          0.000    10.000 observed
            all       ringing           10.000    20.000 observed
            all       connected         20.000    70.000 observed
            all       on_hold           70.000    80.000 observed
            all       available         80.000    90.000 observed
            all       idle              90.000   100.000 observed C2
        "#]],
    );
}

/// G1, G6: both versions are subscribed to, and each tells each transition.
#[test]
fn what_both_versions_tell_counts_once() {
    check(
        "
            0      login
            1      - available
            1.01   telephony available
            10     telephony ringing T1
            10.02  - ringing T1
            20     - connected T1
            20.03  telephony connected T1
            50     telephony wrapup T1
            50.01  - wrapup T1
            60     - logged-out
            60.02  telephony logged-out
            60.03  logout
        ",
        HOUR,
        expect![[r#"
            -         idle               0.000     1.000 observed
            -         available          1.000    10.020 observed
            -         ringing           10.020    20.000 observed T1
            -         connected         20.000    50.010 observed T1
            -         wrapup            50.010    60.000 observed T1
            telephony available          1.010    10.000 observed
            telephony ringing           10.000    20.030 observed T1
            telephony connected         20.030    50.000 observed T1
            telephony wrapup            50.000    60.000 observed T1
            all       idle               0.000     1.000 observed
            all       available          1.000    10.000 observed
            all       ringing           10.000    20.030 observed
            all       connected         20.030    50.000 observed
            all       wrapup            50.000    60.000 observed
        "#]],
    );
}
