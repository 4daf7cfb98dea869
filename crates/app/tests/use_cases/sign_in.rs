use std::net::{IpAddr, Ipv4Addr};
use std::time::Duration;

use platen_app::access::links::LinkPurpose;
use platen_app::access::sign_in::SignInRefusal;

use crate::place::{PASSWORD, Place, secret};

const PEER: IpAddr = IpAddr::V4(Ipv4Addr::new(192, 0, 2, 1));

#[tokio::test]
async fn the_right_password_signs_in_whatever_the_case_of_the_name() {
    let place = Place::bare().await;
    place.set_up().await;
    let session = place
        .app
        .access()
        .sign_in("ADA", &secret(PASSWORD), PEER)
        .await
        .unwrap();
    assert_eq!(place.context(&session).await.unwrap().user.name, "Ada");
}

#[tokio::test]
async fn a_wrong_password_and_an_unknown_name_get_one_answer() {
    let place = Place::bare().await;
    place.set_up().await;
    let attempts = [
        ("Ada", "wrong"),
        ("Eve", PASSWORD),
        ("Ada", &"x".repeat(5_000)),
    ];
    for (name, password) in attempts {
        let refused = place
            .app
            .access()
            .sign_in(name, &secret(password), PEER)
            .await;
        assert!(matches!(refused, Err(SignInRefusal::Wrong)), "{name}");
    }
    // Strangers' names do not fill the log. The entry comes when it is on disk, which no answer
    // waits for; what is written behind it comes later.
    while refusals(&place).await == 0 {
        tokio::task::yield_now().await;
    }
    place
        .app
        .access()
        .sign_in("Ada", &secret(PASSWORD), PEER)
        .await
        .unwrap();
    assert_eq!(refusals(&place).await, 1);
}

async fn refusals(place: &Place) -> usize {
    let actions = place.actions().await.into_iter();
    actions.filter(|action| action == "sign-in.refused").count()
}

#[tokio::test]
async fn guessing_is_slowed_down_and_forgiven_after_the_wait() {
    let place = Place::bare().await;
    place.set_up().await;
    for _ in 0..5 {
        let refused = place
            .app
            .access()
            .sign_in("Ada", &secret("wrong"), PEER)
            .await;
        assert!(matches!(refused, Err(SignInRefusal::Wrong)));
    }
    let right = place
        .app
        .access()
        .sign_in("Ada", &secret(PASSWORD), PEER)
        .await;
    let Err(SignInRefusal::Throttled { retry_after }) = right else {
        panic!("the sixth attempt is not throttled");
    };
    let elsewhere = IpAddr::V4(Ipv4Addr::new(192, 0, 2, 2));
    assert!(
        place
            .app
            .access()
            .sign_in("Ada", &secret(PASSWORD), elsewhere)
            .await
            .is_ok()
    );
    place.clock.advance(retry_after);
    assert!(
        place
            .app
            .access()
            .sign_in("Ada", &secret(PASSWORD), PEER)
            .await
            .is_ok()
    );
    assert!(
        place
            .app
            .access()
            .sign_in("Ada", &secret(PASSWORD), PEER)
            .await
            .is_ok()
    );
}

#[tokio::test]
async fn a_sign_in_link_works_once() {
    let place = Place::bare().await;
    let user = place.set_up().await.user;
    let hour = Duration::from_hours(1);
    let link =
        place
            .app
            .access()
            .create_link(LinkPurpose::SignIn, user.organization, Some(user.id), hour);
    let link = link.await.unwrap();
    let session = place
        .app
        .access()
        .sign_in_with_link(link.expose())
        .await
        .unwrap();
    assert!(place.context(&session).await.is_some());
    assert!(
        place
            .app
            .access()
            .sign_in_with_link(link.expose())
            .await
            .is_err()
    );
}
