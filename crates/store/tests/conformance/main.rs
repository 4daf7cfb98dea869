//! What every back end must do. Each test is a function over `&Store`; `backend.rs` makes the
//! store, so that a second back end runs the same functions.

mod backend;
mod samples;
mod status;

/// Runs each function named against a fresh store.
macro_rules! conformance {
    ($($name:ident),+ $(,)?) => {
        mod on_sqlite {
            $(
                #[tokio::test]
                async fn $name() {
                    let backend = crate::backend::Backend::fresh();
                    super::$name(backend.store()).await;
                }
            )+
        }
    };
}
pub(crate) use conformance;
