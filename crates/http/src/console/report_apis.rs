//! Analysis > API: enable, disable and rotate, with the new key shown once.

use http::{Method, StatusCode};
use platen_app::access::keys::KeyChangeError;
use platen_domain::keys::AuthorizationKey;
use platen_domain::report_apis::ReportApi;
use platen_domain::roles::Capability;

use super::instructions::{Endpoint, ExampleRange};
use super::moments::Moments;
use super::pages::clients::{ClientView, MadeClient};
use super::pages::report_apis::{
    ApiRow, MadeKey, ReportApiPage, ReportApisPage, RequestView, requirements,
};
use super::{addresses, forms, frame, page, sentence};
use crate::answers::{self, Answer};
use crate::policy::ConsoleContext;
use crate::problems::Problem;
use crate::routes::Route;

pub(super) fn routes() -> Vec<Route> {
    let needs = Capability::AnalysisApi;
    vec![
        Route::console(Method::GET, addresses::REPORT_APIS, needs, show),
        Route::console(Method::GET, addresses::REPORT_API, needs, show_one),
        Route::console(
            Method::POST,
            addresses::REPORT_API_ENABLED,
            needs,
            set_enabled,
        ),
        Route::console(Method::POST, addresses::REPORT_API_ROTATE, needs, rotate),
    ]
}

/// What the request being answered has just made, and is shown this once.
pub(super) enum Fresh {
    Key(Made),
    Client(MadeClient),
}

/// An Authorization Key in clear.
pub(super) struct Made {
    api: ReportApi,
    key: AuthorizationKey,
    replaced: bool,
}

async fn show(context: ConsoleContext) -> Result<Answer, Problem> {
    screen(&context, None).await
}

async fn show_one(context: ConsoleContext) -> Result<Answer, Problem> {
    let api = api_of(&context)?;
    let moments = Moments::new(&context.session().organization.time_zone);
    let range = ExampleRange::as_of(context.app().now(), &moments);
    let endpoint = Endpoint {
        base: &context.server().public_url,
        range: &range,
        layouts: &context.server().layouts,
    };
    page(
        StatusCode::OK,
        &ReportApiPage {
            frame: frame(&context, addresses::REPORT_APIS),
            title: api.title(),
            request: RequestView::new(api, None, endpoint),
        },
    )
}

/// The Enable box was ticked or unticked. What it says already is left as it is.
async fn set_enabled(context: ConsoleContext) -> Result<Answer, Problem> {
    let form = forms::read(&context)?;
    let api = api_of(&context)?;
    let scope = &context.session().scope;
    if form.get("enabled").is_none() {
        context.app().access().disable_key(scope, api).await?;
        return Ok(answers::see_other(addresses::REPORT_APIS));
    }
    let made = context.app().access().enable_key(scope, api).await;
    answer_with_key(&context, api, made, false).await
}

/// Replaces the key that the page showed. When another took its place in the meantime, as when
/// the form is sent twice, the newer one stays.
async fn rotate(context: ConsoleContext) -> Result<Answer, Problem> {
    let form = forms::read(&context)?;
    let api = api_of(&context)?;
    let Ok(shown) = form.get("replaces").unwrap_or("").parse() else {
        return Ok(answers::see_other(addresses::REPORT_APIS));
    };
    let scope = &context.session().scope;
    let made = context.app().access().rotate_key(scope, api, shown).await;
    answer_with_key(&context, api, made, true).await
}

/// The one page that shows the key, or what stands in its way.
async fn answer_with_key(
    context: &ConsoleContext,
    api: ReportApi,
    made: Result<AuthorizationKey, KeyChangeError>,
    replaced: bool,
) -> Result<Answer, Problem> {
    match made {
        Ok(key) => {
            let made = Made { api, key, replaced };
            screen(context, Some(Fresh::Key(made))).await
        }
        Err(KeyChangeError::AlreadyEnabled | KeyChangeError::NotLive) => {
            Ok(answers::see_other(addresses::REPORT_APIS))
        }
        Err(KeyChangeError::Licence(refusal)) => {
            let detail = format!(
                "{} Install one that covers it, then enable {api}.",
                sentence(&refusal)
            );
            Err(Problem::forbidden("licence-required", detail))
        }
        Err(KeyChangeError::Unavailable(error)) => Err(error.into()),
    }
}

/// The screen, with what was just made on top of it.
pub(super) async fn screen(
    context: &ConsoleContext,
    fresh: Option<Fresh>,
) -> Result<Answer, Problem> {
    let (made, made_client) = match fresh {
        Some(Fresh::Key(made)) => (Some(made), None),
        Some(Fresh::Client(made)) => (None, Some(made)),
        None => (None, None),
    };
    let session = context.session();
    let client = context
        .app()
        .access()
        .client_application(&session.scope)
        .await?;
    let states = context.app().access().report_apis(&session.scope).await?;
    let licence = context.app().access().licence(&session.scope).await?;
    let moments = Moments::new(&session.organization.time_zone);
    let range = ExampleRange::as_of(context.app().now(), &moments);
    let endpoint = Endpoint {
        base: &context.server().public_url,
        range: &range,
        layouts: &context.server().layouts,
    };
    let frame = frame(context, addresses::REPORT_APIS);
    let rows = states.iter().map(|state| {
        let made = made
            .as_ref()
            .filter(|made| made.api == state.api)
            .map(|made| &made.key);
        ApiRow::new(state.api, state.key.as_ref(), made, &moments, endpoint)
    });
    page(
        StatusCode::OK,
        &ReportApisPage {
            requirements: requirements(&frame, licence.as_ref(), context.app().now(), &moments),
            apis: rows.collect(),
            made: made
                .as_ref()
                .map(|m| MadeKey::new(m.api, &m.key, m.replaced, endpoint)),
            client: ClientView::new(&client, &moments),
            made_client,
            frame,
        },
    )
}

fn api_of(context: &ConsoleContext) -> Result<ReportApi, Problem> {
    let keyword = context.call().parameter("api");
    keyword.parse().map_err(|_unknown_api| Problem::not_found())
}
