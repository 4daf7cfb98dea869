use platen_app::accounts::{AccountsRefusal, ChargeFilter, Due, JobTicket};
use platen_domain::account_limits::{ColorLimit, Enforcement, Limit};
use platen_domain::charges::{Charge, ChargeOrigin, ChargeProblem, ChargeState};
use platen_domain::holds::HoldState;
use platen_domain::points::{BALANCE_MAX, POINTS_MAX, PointRates, PointRules, Points};
use platen_domain::print_counts::Evidence;
use platen_domain::print_jobs::{ColorMode, JobFunction, JobState};

use crate::purse::{FIRST_PAGE, Purse, account, job, limit, once, points, user};

const MATH: (&str, &str) = ("MATH", "ada");

#[tokio::test]
async fn a_job_is_charged_once_and_then_by_the_difference() {
    let purse = Purse::open().await;
    purse.account("MATH", limit(100)).await;
    for _ in 0..3 {
        purse.print(job("1", ("math", "Ada"), 10)).await;
    }
    assert_eq!(purse.points(MATH).await, 90);

    let mut reprinted = job("1", MATH, 15);
    purse.print(reprinted.clone()).await;
    reprinted.counts.evidence = Evidence::Device;
    reprinted.counts.impressions = Some(12);
    purse.print(reprinted.clone()).await;
    purse.print(reprinted).await;
    let mut refunded = job("1", MATH, 12);
    refunded.state = JobState::Refunded;
    purse.print(refunded).await;
    insta::assert_snapshot!(purse.ledger().await.join("\n"), @r"
    1 MATH Ada allocation 100 = 100
    2 MATH Ada charge -10 = 90
    3 MATH Ada charge -5 = 85
    4 MATH Ada refund 3 = 88
    5 MATH Ada refund 12 = 100
    ");
    insta::assert_snapshot!(purse.charges().await.join("\n"), @"1 r3 refunded 0 []");
    purse.check().await;
}

#[tokio::test]
async fn what_was_printed_is_charged_whatever_its_limit_says() {
    let purse = Purse::open().await;
    let strict = Limit {
        color: ColorLimit::Monochrome,
        functions: [JobFunction::Copy].into(),
        job_points_max: Some(Points::whole(5)),
        ..limit(8)
    };
    purse.account("MATH", strict).await;
    let mut record = job("1", MATH, 10);
    record.color_mode = Some(ColorMode::Color);
    purse.print(record).await;
    insta::assert_snapshot!(
        purse.charges().await.join("\n"),
        @r#"1 r0 charged 10 ["function-not-allowed", "color-not-allowed", "job-too-large", "not-enough-points"]"#
    );
    assert_eq!(purse.points(MATH).await, -2);
}

#[tokio::test]
async fn a_job_without_a_valid_account_is_marked_and_charged_later() {
    let purse = Purse::open().await;
    purse.account("ART", limit(100)).await;
    purse.print(job("1", MATH, 10)).await;
    let mut nobody = job("2", ("ART", ""), 10);
    nobody.user = None;
    purse.print(nobody).await;
    let mut uncounted = job("3", ("ART", "ada"), 0);
    uncounted.counts.impressions = None;
    purse.print(uncounted).await;
    let mut unnamed = job("4", MATH, 10);
    unnamed.account = None;
    purse.print(unnamed).await;
    insta::assert_snapshot!(purse.charges().await.join("\n"), @r#"
    1 r0 uncharged 0 ["unknown-account"]
    2 r0 uncharged 0 ["unknown-user"]
    3 r0 uncharged 0 ["unpriced"]
    "#);

    purse.account("MATH", limit(100)).await;
    let (app, scope) = (&purse.place.app, &purse.scope);
    let page = app
        .charges()
        .list(scope, ChargeFilter::default(), FIRST_PAGE);
    let marked = page.await.unwrap().items;
    let marked = marked
        .iter()
        .find(|charge| charge.account_named.as_deref() == Some("MATH"));
    let marked = marked.unwrap();
    let retry = || {
        let once = once(|charge: &Charge| charge.state.keyword().to_owned());
        app.charges().retry(scope, marked.id, None, once)
    };
    retry().await.unwrap();
    let again = retry().await;
    assert!(matches!(again, Err(AccountsRefusal::State(_))), "{again:?}");
    assert_eq!(purse.points(MATH).await, 90);
    purse.check().await;
}

#[tokio::test]
async fn a_job_s_record_captures_the_hold_that_waits_for_it() {
    let purse = Purse::open().await;
    purse.account("MATH", limit(100)).await;
    let mut request = points(MATH, 30);
    let mut record = job("1", MATH, 12);
    // The print system knows whom it asked for; the spooler need not.
    record.account = None;
    request.job = Some(record.key.clone());
    let waiting = purse.hold(request).await.unwrap();
    purse.print(record).await;
    let hold = purse
        .place
        .app
        .charges()
        .hold_by_id(&purse.scope, waiting)
        .await
        .unwrap();
    assert_eq!(hold.state, HoldState::Captured);
    let charge = purse
        .place
        .app
        .charges()
        .get(&purse.scope, hold.charge.unwrap());
    let charge = charge.await.unwrap();
    assert_eq!(
        (charge.state, charge.claimed),
        (ChargeState::Charged, Points::whole(12))
    );
    assert_eq!(purse.points(MATH).await, 88);
    purse.check().await;
}

#[tokio::test]
async fn a_job_that_a_program_charged_is_not_charged_by_its_record() {
    let purse = Purse::open().await;
    purse.account("MATH", limit(100)).await;
    let record = job("1", MATH, 12);
    let mut request = points(MATH, 10);
    request.job = Some(record.key.clone());
    purse.charge(request.clone()).await.unwrap();
    let twice = purse.charge(request).await;
    assert!(matches!(twice, Err(AccountsRefusal::State(_))), "{twice:?}");
    purse.print(record).await;
    purse.print(job("1", MATH, 20)).await;
    assert_eq!(purse.points(MATH).await, 90);
}

#[tokio::test]
async fn a_quote_says_what_a_charge_would_do_and_changes_nothing() {
    let purse = Purse::open().await;
    purse.account("MATH", limit(10)).await;
    let quote = |impressions| {
        let mut request = points(("MATH", "zoe"), 0);
        request.due = Due::Job(JobTicket {
            function: JobFunction::Print,
            impressions,
            color_impressions: None,
            color_mode: None,
            sheets: None,
            sides: None,
            media: None,
        });
        purse.place.app.charges().quote(&purse.scope, request)
    };
    let enough = quote(10).await.unwrap();
    assert!(enough.allowed && enough.problems.is_empty());
    assert_eq!(
        (enough.points, enough.available),
        (Some(Points::whole(10)), Some(Points::whole(10)))
    );
    let too_much = quote(11).await.unwrap();
    assert!(!too_much.allowed);
    assert!(purse.ledger().await.is_empty());
    let nobody = purse
        .place
        .app
        .accounts()
        .balance(&purse.scope, account("MATH"), user("zoe"));
    assert!(matches!(
        nobody.await,
        Err(AccountsRefusal::NotFound("user"))
    ));
}

#[tokio::test]
async fn a_program_that_charges_a_marked_job_keeps_the_charge() {
    let purse = Purse::open().await;
    purse.account("MATH", limit(100)).await;
    let lost = job("1", ("NOPE", "ada"), 5);
    purse.print(lost.clone()).await;
    let mut request = points(MATH, 5);
    request.job = Some(lost.key.clone());
    let charge = purse.charge(request).await.unwrap();
    let mut revised = lost;
    revised.counts.impressions = Some(40);
    purse.print(revised).await;
    let charge = purse.place.app.charges().get(&purse.scope, charge);
    let charge = charge.await.unwrap();
    assert_eq!((charge.origin, charge.revision), (ChargeOrigin::Program, 1));
    assert_eq!(purse.points(MATH).await, 95);
}

#[tokio::test]
async fn a_hold_waits_for_a_record_that_can_be_charged() {
    let purse = Purse::open().await;
    purse.account("MATH", limit(100)).await;
    let mut record = job("1", MATH, 0);
    (record.account, record.counts.impressions) = (None, None);
    let mut request = points(MATH, 10);
    request.job = Some(record.key.clone());
    let waiting = purse.hold(request).await.unwrap();
    let hold = || purse.place.app.charges().hold_by_id(&purse.scope, waiting);
    purse.print(record.clone()).await;
    assert_eq!(hold().await.unwrap().state, HoldState::Active);
    record.counts.impressions = Some(4);
    purse.print(record).await;
    assert_eq!(hold().await.unwrap().state, HoldState::Captured);
    insta::assert_snapshot!(purse.charges().await.join("\n"), @"1 r1 charged 4 []");
    assert_eq!(purse.points(MATH).await, 96);
    purse.check().await;
}

#[tokio::test]
async fn a_job_is_held_once_and_its_hold_ends_with_whoever_charges_it() {
    let purse = Purse::open().await;
    purse.account("MATH", limit(50)).await;
    let mut request = points(MATH, 40);
    request.job = Some(job("1", MATH, 40).key);
    let first = purse.hold(request.clone()).await.unwrap();
    let second = purse.hold(request.clone()).await;
    assert!(
        matches!(second, Err(AccountsRefusal::State(_))),
        "{second:?}"
    );
    purse.charge(request).await.unwrap();
    let first = purse.place.app.charges().hold_by_id(&purse.scope, first);
    assert_eq!(first.await.unwrap().state, HoldState::Captured);
    let balance = purse.balance(MATH).await;
    assert_eq!(
        (balance.balance.points, balance.held),
        (Points::whole(10), Points::ZERO)
    );
}

#[tokio::test]
async fn a_retry_that_can_charge_nothing_is_refused() {
    let purse = Purse::open().await;
    purse.account("ART", limit(100)).await;
    purse.print(job("1", MATH, 10)).await;
    let (app, scope) = (&purse.place.app, &purse.scope);
    let page = app
        .charges()
        .list(scope, ChargeFilter::default(), FIRST_PAGE);
    let marked = page.await.unwrap().items.pop().unwrap();
    let once = once(|charge: &Charge| charge.state.keyword().to_owned());
    let retried = app.charges().retry(scope, marked.id, None, once).await;
    let Err(AccountsRefusal::Charge { problems, .. }) = retried else {
        panic!("{retried:?}");
    };
    assert!(problems.contains(ChargeProblem::UnknownAccount));
}

#[tokio::test]
async fn a_balance_that_can_owe_no_more_keeps_no_job_from_being_taken_in() {
    let purse = Purse::open().await;
    let soft = Limit {
        enforcement: Enforcement::Soft,
        ..limit(0)
    };
    purse.account("MATH", soft).await;
    let dear = PointRates {
        mono_side: POINTS_MAX,
        ..PointRates::default()
    };
    let rules = PointRules {
        any: dear,
        ..PointRules::default()
    };
    let (app, scope) = (&purse.place.app, &purse.scope);
    app.accounts()
        .set_point_rules(scope, rules, None)
        .await
        .unwrap();
    let jobs = (0..1_001).map(|n| {
        let mut job = job(&n.to_string(), MATH, 1);
        job.color_mode = Some(ColorMode::Monochrome);
        job
    });
    app.printing()
        .take_in_print_jobs(scope, jobs.collect(), None)
        .await
        .unwrap();
    let filter = ChargeFilter {
        state: Some(ChargeState::Uncharged),
        ..ChargeFilter::default()
    };
    let uncharged = app
        .charges()
        .list(scope, filter, FIRST_PAGE)
        .await
        .unwrap()
        .items;
    assert_eq!(uncharged.len(), 1);
    let owed = BALANCE_MAX.negated();
    assert_eq!(purse.balance(MATH).await.balance.points, owed);
    purse.check().await;
}
