use std::time::Duration;

use platen_app::access::sessions::{SESSION_ABSOLUTE, SESSION_IDLE};

use crate::place::Place;

#[tokio::test]
async fn what_is_over_is_cleared_away_and_nothing_else() {
    let place = Place::bare().await;
    let session = place.set_up().await;
    assert_eq!(place.app.operation().clear_away().await.unwrap(), 0);
    assert!(place.context(&session).await.is_some());
    place.clock.advance(SESSION_ABSOLUTE);
    assert_eq!(place.app.operation().clear_away().await.unwrap(), 1);
}

#[tokio::test]
async fn an_idle_session_ends() {
    let place = Place::bare().await;
    let session = place.set_up().await;
    place
        .clock
        .advance(SESSION_IDLE.saturating_sub(Duration::from_secs(1)));
    assert!(place.context(&session).await.is_some());
    place.clock.advance(SESSION_IDLE);
    assert!(place.context(&session).await.is_none());
}

#[tokio::test]
async fn a_session_in_use_ends_after_twelve_hours() {
    let place = Place::bare().await;
    let session = place.set_up().await;
    let step = Duration::from_mins(20);
    let mut lived = Duration::ZERO;
    while place.context(&session).await.is_some() {
        place.clock.advance(step);
        lived += step;
    }
    assert_eq!(lived, SESSION_ABSOLUTE);
}

#[tokio::test]
async fn signing_out_ends_the_session_and_a_guess_opens_none() {
    let place = Place::bare().await;
    let session = place.set_up().await;
    let context = place.context(&session).await.unwrap();
    assert_eq!(context.user.name, "Ada");
    place.app.access().sign_out(&context).await.unwrap();
    assert!(place.context(&session).await.is_none());
    assert!(
        place
            .app
            .access()
            .authenticate_session("guess")
            .await
            .unwrap()
            .is_none()
    );
}
