use std::time::Duration;

use platen_app::access::links::{LinkPurpose, LinkRefusal, SET_UP_LINK_VALID};
use platen_app::access::set_up::SetUpRefusal;
use platen_app::access::users::CredentialProblem;
use platen_domain::roles::Role;
use platen_domain::secret::Secret;

use crate::place::{PASSWORD, Place, secret};

async fn link(place: &Place) -> Secret<String> {
    let purpose = LinkPurpose::SetUp;
    let made =
        place
            .app
            .access()
            .create_link(purpose, place.organization.id, None, SET_UP_LINK_VALID);
    made.await.unwrap()
}

#[tokio::test]
async fn the_first_administrator_comes_through_the_link_once() {
    let place = Place::bare().await;
    let (used, spare) = (link(&place).await, link(&place).await);
    let organization = place
        .app
        .access()
        .set_up_organization(used.expose())
        .await
        .unwrap();
    assert_eq!(organization.name, "Northwind");
    let session = place
        .app
        .access()
        .set_up(used.expose(), " Ada ", secret(PASSWORD))
        .await
        .unwrap();
    assert_eq!(
        (session.user.name.as_str(), session.user.role),
        ("Ada", Role::SystemAdministrator)
    );

    let again = place
        .app
        .access()
        .set_up(used.expose(), "Eve", secret(PASSWORD))
        .await;
    assert!(matches!(
        again,
        Err(SetUpRefusal::Link(LinkRefusal::Invalid))
    ));
    let second = place
        .app
        .access()
        .set_up(spare.expose(), "Eve", secret(PASSWORD))
        .await;
    assert!(matches!(
        second,
        Err(SetUpRefusal::Link(LinkRefusal::AlreadySetUp))
    ));
    assert_eq!(
        place
            .app
            .access()
            .users(&place.operator())
            .await
            .unwrap()
            .len(),
        1
    );
}

#[tokio::test]
async fn a_refused_password_leaves_the_link_good() {
    let place = Place::bare().await;
    let link = link(&place).await;
    let refused = place
        .app
        .access()
        .set_up(link.expose(), "Ada", secret("short"))
        .await;
    let too_short = CredentialProblem::PasswordTooShort;
    assert!(matches!(refused, Err(SetUpRefusal::Credentials(problem)) if problem == too_short));
    assert!(
        place
            .app
            .access()
            .set_up(link.expose(), "Ada", secret(PASSWORD))
            .await
            .is_ok()
    );
}

#[tokio::test]
async fn an_expired_or_foreign_link_opens_nothing() {
    let place = Place::bare().await;
    let link = link(&place).await;
    let purpose = LinkPurpose::SignIn;
    let sign_in =
        place
            .app
            .access()
            .create_link(purpose, place.organization.id, None, SET_UP_LINK_VALID);
    let sign_in = sign_in.await.unwrap();
    let wrong_kind = place
        .app
        .access()
        .set_up_organization(sign_in.expose())
        .await;
    assert!(matches!(wrong_kind, Err(LinkRefusal::Invalid)));
    assert!(
        place
            .app
            .access()
            .sign_in_with_link(link.expose())
            .await
            .is_err()
    );
    place
        .clock
        .advance(SET_UP_LINK_VALID + Duration::from_secs(1));
    let expired = place.app.access().set_up_organization(link.expose()).await;
    assert!(matches!(expired, Err(LinkRefusal::Invalid)));
}
