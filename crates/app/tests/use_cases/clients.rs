use std::net::{IpAddr, Ipv4Addr};
use std::time::Duration;

use platen_app::AppError;
use platen_app::access::access_tokens::TokenRefusal;
use platen_app::access::clients::{AuthenticatedClient, ClientChangeError, ClientRefusal};
use platen_domain::clients::{
    ACCESS_TOKEN_VALID, AccessToken, ClientRecord, ClientSecret, OauthScope, OauthScopes,
};
use platen_domain::ids::SeededIds;
use platen_domain::licences::LicenceRefusal;
use platen_domain::scope::Actor;

use crate::place::{Place, secret};

use OauthScope::{AccountsRead, AccountsWrite};

const PEER: IpAddr = IpAddr::V4(Ipv4Addr::new(192, 0, 2, 1));

async fn generated(place: &Place) -> (ClientRecord, ClientSecret) {
    let generated = place.app.access().generate_client(&place.operator()).await;
    generated.unwrap()
}

async fn shown(
    place: &Place,
    client_id: &str,
    client_secret: &str,
) -> Result<AuthenticatedClient, ClientRefusal> {
    let client_secret = secret(client_secret);
    let app = &place.app;
    app.access()
        .authenticate_client(client_id, &client_secret, PEER)
        .await
}

/// A licensed place whose client has just shown its secret.
async fn let_in() -> (Place, AuthenticatedClient) {
    let place = Place::licensed().await;
    let (record, client_secret) = generated(&place).await;
    let client = shown(&place, &record.id.to_string(), client_secret.expose()).await;
    let client = client.unwrap();
    (place, client)
}

async fn issued(place: &Place, client: &AuthenticatedClient, scopes: OauthScopes) -> String {
    let (token, _) = place
        .app
        .access()
        .issue_token(client, scopes)
        .await
        .unwrap();
    token.expose().to_owned()
}

#[tokio::test]
async fn a_client_lives_until_revoked_and_never_again() {
    let place = Place::licensed().await;
    let (app, operator) = (&place.app, place.operator());
    let none = app.access().client_application(&operator).await.unwrap();
    assert!(none.client.is_none() && none.licence.is_ok());

    let (record, client_secret) = generated(&place).await;
    let again = app.access().generate_client(&operator).await;
    assert!(matches!(again, Err(ClientChangeError::AlreadyLive)));
    let state = app.access().client_application(&operator).await.unwrap();
    assert_eq!(state.client, Some(record.clone()));
    let id = record.id.to_string();
    let client = shown(&place, &id, client_secret.expose()).await.unwrap();
    assert_eq!(client.id(), record.id);

    app.access()
        .revoke_client(&operator, record.id)
        .await
        .unwrap();
    let dead = shown(&place, &id, client_secret.expose()).await;
    assert!(matches!(dead, Err(ClientRefusal::Wrong)));
    let (second, _) = generated(&place).await;
    // The form of the first, sent once more, leaves the second alone.
    app.access()
        .revoke_client(&operator, record.id)
        .await
        .unwrap();
    let state = app.access().client_application(&operator).await.unwrap();
    assert_eq!(state.client, Some(second));
    let expected = [
        "organization.created",
        "licence.installed",
        "client.created",
        "client.revoked",
        "client.created",
    ];
    assert_eq!(place.actions().await, expected);
}

#[tokio::test]
async fn without_a_licence_nothing_is_generated() {
    let bare = Place::bare().await;
    let refused = bare.app.access().generate_client(&bare.operator()).await;
    assert!(matches!(
        refused,
        Err(ClientChangeError::Licence(LicenceRefusal::Missing))
    ));
}

#[tokio::test]
async fn what_is_not_quite_the_credential_is_wrong() {
    let place = Place::licensed().await;
    let (record, client_secret) = generated(&place).await;
    let (id, right) = (record.id.to_string(), client_secret.expose());
    let other = ClientSecret::generate(&SeededIds::new(9));
    let upper_id = id.to_uppercase();
    let stranger = "018f3f3e-7c1a-7b6e-9d54-0242ac120002";
    for (client_id, client_secret) in [
        (id.as_str(), other.expose()),
        (&id, ""),
        (&id, &right.to_uppercase()),
        (&upper_id, right),
        (&format!("{{{id}}}"), right),
        (stranger, right),
        (stranger, ""),
        ("", ""),
    ] {
        let refused = shown(&place, client_id, client_secret).await;
        assert!(
            matches!(refused, Err(ClientRefusal::Wrong)),
            "{client_id} {client_secret}: {refused:?}"
        );
    }
}

#[tokio::test]
async fn wrong_attempts_slow_down_and_right_ones_do_not() {
    let place = Place::licensed().await;
    let (record, client_secret) = generated(&place).await;
    let id = record.id.to_string();
    for _ in 0..50 {
        shown(&place, &id, client_secret.expose()).await.unwrap();
    }
    let mut wrong = 0;
    let wait = loop {
        match shown(&place, &id, "guess").await {
            Err(ClientRefusal::Wrong) => wrong += 1,
            Err(ClientRefusal::Throttled { retry_after }) => break retry_after,
            other => panic!("{other:?}"),
        }
    };
    assert_eq!((wrong, wait), (5, Duration::from_secs(1)));
    let held = shown(&place, &id, client_secret.expose()).await;
    assert!(matches!(held, Err(ClientRefusal::Throttled { .. })));
    let elsewhere = IpAddr::V4(Ipv4Addr::new(198, 51, 100, 1));
    let right = secret(client_secret.expose());
    let admitted = place
        .app
        .access()
        .authenticate_client(&id, &right, elsewhere)
        .await;
    admitted.unwrap();
    place.clock.advance(wait);
    shown(&place, &id, client_secret.expose()).await.unwrap();
}

#[tokio::test]
async fn a_token_opens_what_it_was_issued_for_until_it_expires() {
    let (place, client) = let_in().await;
    let app = &place.app;
    let read = issued(&place, &client, AccountsRead.into()).await;
    let both = issued(&place, &client, OauthScopes::ALL).await;
    let scope = app
        .access()
        .authenticate_token(&read, AccountsRead)
        .await
        .unwrap();
    assert_eq!(scope.organization(), place.organization.id);
    let actor = Actor::Client {
        id: client.id(),
        scopes: AccountsRead.into(),
    };
    assert_eq!(scope.actor(), &actor);
    let refused = app.access().authenticate_token(&read, AccountsWrite).await;
    assert!(matches!(
        refused,
        Err(TokenRefusal::InsufficientScope(AccountsWrite))
    ));
    assert!(
        app.access()
            .authenticate_token(&both, AccountsWrite)
            .await
            .is_ok()
    );

    let second = Duration::from_secs(1);
    place
        .clock
        .advance(ACCESS_TOKEN_VALID.saturating_sub(second));
    assert!(
        app.access()
            .authenticate_token(&read, AccountsRead)
            .await
            .is_ok()
    );
    place.clock.advance(second);
    for token in [read.as_str(), &both, "", "873fe108"] {
        let dead = app.access().authenticate_token(token, AccountsRead).await;
        assert!(matches!(dead, Err(TokenRefusal::Unauthorized)), "{token}");
    }
    assert_eq!(app.operation().clear_away().await.unwrap(), 2);
}

#[tokio::test]
async fn a_token_outlives_a_restart() {
    let (place, client) = let_in().await;
    let token = issued(&place, &client, OauthScopes::ALL).await;
    let place = place.restarted().await;
    let opened = place
        .app
        .access()
        .authenticate_token(&token, AccountsRead)
        .await;
    opened.unwrap();
}

#[tokio::test]
async fn tokens_end_with_their_client_and_one_by_one() {
    let (place, client) = let_in().await;
    let app = &place.app;
    let [one, other] = [(); 2].map(|()| issued(&place, &client, OauthScopes::ALL));
    let (one, other) = (one.await, other.await);
    for _ in 0..2 {
        app.access().revoke_token(&client, &one).await.unwrap();
    }
    app.access()
        .revoke_token(&client, "no token")
        .await
        .unwrap();
    let dead = app.access().authenticate_token(&one, AccountsRead).await;
    assert!(matches!(dead, Err(TokenRefusal::Unauthorized)));
    assert!(
        app.access()
            .authenticate_token(&other, AccountsRead)
            .await
            .is_ok()
    );

    let revoked = app
        .access()
        .revoke_client(&place.operator(), client.id())
        .await;
    revoked.unwrap();
    // Issued by a request that was let in before the client was revoked.
    let late = issued(&place, &client, OauthScopes::ALL).await;
    for token in [&other, &late] {
        let dead = app.access().authenticate_token(token, AccountsRead).await;
        assert!(matches!(dead, Err(TokenRefusal::Unauthorized)));
    }
}

#[tokio::test]
async fn a_client_learns_of_its_own_live_tokens_only() {
    let (place, first) = let_in().await;
    let app = &place.app;
    let token = issued(&place, &first, AccountsWrite.into()).await;
    let known = app.access().introspect_token(&first, &token).await.unwrap();
    let known = known.unwrap();
    assert_eq!(known.scopes, AccountsWrite.into());
    assert_eq!(known.expires_at.since(known.issued_at), ACCESS_TOKEN_VALID);
    let scope = app
        .access()
        .authenticate_token(&token, AccountsWrite)
        .await
        .unwrap();
    let in_use = app.access().token_in_use(&scope, &token).await.unwrap();
    assert_eq!(in_use, Some(known));

    let stranger = app
        .access()
        .add_organization("Contoso", "Europe/Berlin")
        .await;
    let stranger = app.access().operator(stranger.unwrap().id);
    let licence = place.licence_for("Contoso");
    app.access()
        .install_licence(&stranger, &licence)
        .await
        .unwrap();
    let (record, client_secret) = app.access().generate_client(&stranger).await.unwrap();
    let other = shown(&place, &record.id.to_string(), client_secret.expose()).await;
    let other = other.unwrap();
    assert_eq!(
        app.access().introspect_token(&other, &token).await.unwrap(),
        None
    );
    app.access().revoke_token(&other, &token).await.unwrap();
    assert!(
        app.access()
            .authenticate_token(&token, AccountsWrite)
            .await
            .is_ok()
    );
    let unknown = AccessToken::generate(&SeededIds::new(3));
    let unknown = app
        .access()
        .introspect_token(&first, unknown.expose())
        .await;
    assert_eq!(unknown.unwrap(), None);
}

#[tokio::test]
async fn an_expired_licence_closes_the_door_behind_which_tokens_live_on() {
    let (place, client) = let_in().await;
    place.clock.advance(Duration::from_hours(24 * 100));
    let token = issued(&place, &client, OauthScopes::ALL).await;
    let closed = place
        .app
        .access()
        .authenticate_token(&token, AccountsRead)
        .await;
    assert!(matches!(
        closed,
        Err(TokenRefusal::Licence(LicenceRefusal::Expired))
    ));
}

#[tokio::test]
async fn a_use_is_kept_to_the_hour() {
    let (place, client) = let_in().await;
    let used = || async {
        let state = place
            .app
            .access()
            .client_application(&place.operator())
            .await;
        let record = state.unwrap().client.unwrap();
        (record.created_at, record.last_used_at.unwrap())
    };
    let (created, first) = used().await;
    assert_eq!(first, created);
    place.clock.advance(Duration::from_mins(90));
    let token = issued(&place, &client, OauthScopes::ALL).await;
    let opened = place
        .app
        .access()
        .authenticate_token(&token, AccountsRead)
        .await;
    opened.unwrap();
    assert_eq!(used().await.1.since(created), Duration::from_hours(1));
}

#[tokio::test]
async fn a_token_opens_nothing_but_accounts() {
    let (place, client) = let_in().await;
    let token = issued(&place, &client, OauthScopes::ALL).await;
    let opened = place
        .app
        .access()
        .authenticate_token(&token, AccountsRead)
        .await;
    let scope = opened.unwrap();
    let generated = place.app.access().generate_client(&scope).await;
    assert!(matches!(
        generated,
        Err(ClientChangeError::Unavailable(AppError::Forbidden))
    ));
    let revoked = place.app.access().revoke_client(&scope, client.id()).await;
    assert!(matches!(revoked, Err(AppError::Forbidden)));
    let collectors = place.app.access().collectors(&scope).await;
    assert!(matches!(collectors, Err(AppError::Forbidden)));
}
