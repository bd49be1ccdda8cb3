//! Whose interface is spoken: where a request goes and how the key is sent. No network.
//!
//! Sources: <https://learn.microsoft.com/azure/ai-foundry/openai/reference> for Azure's two routes; the others
//! imitate <https://platform.openai.com/docs/api-reference/chat>. The endpoint comes from a person's environment,
//! never from a repository; still it must be https, so that key and code are not read on their way.

use std::net::IpAddr;

use reqwest::Url;
use reqwest::header::{AUTHORIZATION, HeaderMap, HeaderName, HeaderValue};

use super::settings::SettingsError;
use crate::secret::Secret;

/// A service that answers chat completions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Service {
    /// Azure OpenAI, with its key in the header `api-key`.
    Azure {
        /// The name of the deployment.
        deployment: String,
        /// The dated API version, such as `2024-10-21`; without one the v1 route is used.
        api_version: Option<String>,
    },
    /// OpenAI and whoever speaks its protocol, with a bearer key, or none for a service of one's own.
    Compatible {
        /// The organization to bill, where a key belongs to several.
        organization: Option<String>,
    },
}

impl Service {
    /// Returns the name that the body of a request must hold, if the address does not hold it.
    pub(super) fn name_in_body<'a>(&'a self, model: &'a str) -> Option<&'a str> {
        match self {
            Self::Azure { api_version: Some(_), .. } => None,
            Self::Azure { deployment, .. } => Some(deployment),
            Self::Compatible { .. } => Some(model),
        }
    }

    /// Returns the address that chat completions are asked for.
    pub(super) fn route(&self, endpoint: &str) -> Result<Url, SettingsError> {
        self.route_of(endpoint, &["chat", "completions"])
    }

    /// Returns the address of an operation of the service.
    pub(super) fn route_of(&self, endpoint: &str, operation: &[&str]) -> Result<Url, SettingsError> {
        let mut url = base(endpoint)?;
        // The pages of the services show the endpoint with and without the beginning of the route: both are pasted.
        let path = url.path().trim_end_matches('/');
        match self {
            Self::Azure { deployment, api_version } => {
                if deployment.is_empty() || matches!(deployment.as_str(), "." | "..") {
                    return Err(SettingsError::Deployment);
                }
                let base = path.strip_suffix("/openai/v1").or_else(|| path.strip_suffix("/openai"));
                let base = base.unwrap_or(path).to_owned();
                url.set_path(&base);
                let mut segments = url.path_segments_mut().map_err(|()| SettingsError::Endpoint)?;
                segments.pop_if_empty().push("openai");
                match api_version {
                    Some(_) => segments.extend(["deployments", deployment]),
                    None => segments.push("v1"),
                };
                segments.extend(operation);
                drop(segments);
                if let Some(version) = api_version {
                    url.query_pairs_mut().append_pair("api-version", version);
                }
            }
            Self::Compatible { .. } => {
                let base = path.strip_suffix("/chat/completions").unwrap_or(path).to_owned();
                url.set_path(&base);
                let mut segments = url.path_segments_mut().map_err(|()| SettingsError::Endpoint)?;
                segments.pop_if_empty().extend(operation);
            }
        }
        Ok(url)
    }

    /// Returns the headers that say who asks.
    pub(super) fn headers(&self, key: &Secret) -> Result<HeaderMap, SettingsError> {
        let mut headers = HeaderMap::new();
        let mut insert = |name: HeaderName, text: &str| -> Result<(), SettingsError> {
            let mut value = HeaderValue::from_str(text).map_err(|_| SettingsError::Key)?;
            value.set_sensitive(true);
            headers.insert(name, value);
            Ok(())
        };
        match self {
            Self::Azure { .. } if key.is_empty() => return Err(SettingsError::Key),
            Self::Azure { .. } => insert(HeaderName::from_static("api-key"), key.expose())?,
            Self::Compatible { organization } => {
                if !key.is_empty() {
                    insert(AUTHORIZATION, &format!("Bearer {}", key.expose()))?;
                }
                if let Some(organization) = organization {
                    insert(HeaderName::from_static("openai-organization"), organization)?;
                }
            }
        }
        Ok(headers)
    }
}

/// Reads the endpoint, and refuses what would send key and code in the open.
pub(super) fn base(endpoint: &str) -> Result<Url, SettingsError> {
    let mut url = Url::parse(endpoint.trim()).map_err(|_| SettingsError::Endpoint)?;
    let host = url.host_str().ok_or(SettingsError::Endpoint)?.to_owned();
    match url.scheme() {
        "https" => {}
        "http" if is_this_machine(&host) => {}
        "http" => return Err(SettingsError::PlainHttp { host }),
        _ => return Err(SettingsError::Endpoint),
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(SettingsError::Endpoint);
    }
    url.set_query(None);
    url.set_fragment(None);
    Ok(url)
}

fn is_this_machine(host: &str) -> bool {
    let address = host.trim_start_matches('[').trim_end_matches(']').parse::<IpAddr>();
    host == "localhost" || address.is_ok_and(|address| address.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn azure(api_version: Option<&str>) -> Service {
        Service::Azure { deployment: "docs".to_owned(), api_version: api_version.map(str::to_owned) }
    }

    #[test]
    fn endpoints_lead_to_the_route() {
        let v1 = "https://a.openai.azure.com/openai/v1/chat/completions";
        let table = [
            ("https://a.openai.azure.com", v1),
            (" https://a.openai.azure.com/ \n", v1),
            ("https://a.openai.azure.com/openai", v1),
            ("https://a.openai.azure.com/openai/v1/", v1),
            ("https://a.openai.azure.com/?x=1#y", v1),
            (
                "https://gateway.example.org/team",
                "https://gateway.example.org/team/openai/v1/chat/completions",
            ),
            ("http://127.0.0.1:80/", "http://127.0.0.1/openai/v1/chat/completions"),
            ("http://[::1]:8080", "http://[::1]:8080/openai/v1/chat/completions"),
            ("http://localhost:8080", "http://localhost:8080/openai/v1/chat/completions"),
        ];
        for (endpoint, expected) in table {
            assert_eq!(azure(None).route(endpoint).unwrap().as_str(), expected, "{endpoint}");
        }
    }

    #[test]
    fn a_dated_version_takes_the_route_with_the_deployment() {
        let dated = Service::Azure {
            deployment: "our docs/x".to_owned(),
            api_version: Some("2024-10-21".to_owned()),
        };
        assert_eq!(
            dated.route("https://a.openai.azure.com/openai/v1").unwrap().as_str(),
            "https://a.openai.azure.com/openai/deployments/our%20docs%2Fx/chat/completions?api-version=2024-10-21"
        );
    }

    #[test]
    fn compatible_services_are_asked_below_their_base() {
        let service = Service::Compatible { organization: None };
        let table = [
            ("https://api.example.org/v1", "https://api.example.org/v1/chat/completions"),
            ("https://api.example.org/v1/", "https://api.example.org/v1/chat/completions"),
            ("https://api.example.org/v1/chat/completions", "https://api.example.org/v1/chat/completions"),
            (
                "https://api.example.org/v1beta/openai/?a=b",
                "https://api.example.org/v1beta/openai/chat/completions",
            ),
            ("http://localhost:11434/v1", "http://localhost:11434/v1/chat/completions"),
        ];
        for (endpoint, expected) in table {
            assert_eq!(service.route(endpoint).unwrap().as_str(), expected, "{endpoint}");
        }
    }

    #[test]
    fn the_key_is_not_sent_unencrypted_to_others() {
        for endpoint in [
            "http://a.openai.azure.com",
            "http://127.0.0.1.example.org",
            "http://localhost.example.org",
            "http://192.168.0.1",
            "http://[2001:db8::1]",
        ] {
            for service in [azure(None), Service::Compatible { organization: None }] {
                let refused = service.route(endpoint).unwrap_err();
                assert!(matches!(refused, SettingsError::PlainHttp { .. }), "{endpoint}: {refused}");
            }
        }
    }

    #[test]
    fn embeddings_have_a_route_of_their_own() {
        let at =
            |service: Service, endpoint| service.route_of(endpoint, &["embeddings"]).unwrap().to_string();
        let table = [
            (azure(None), "https://a.openai.azure.com", "https://a.openai.azure.com/openai/v1/embeddings"),
            (
                azure(Some("2024-10-21")),
                "https://a.openai.azure.com/openai/v1",
                "https://a.openai.azure.com/openai/deployments/docs/embeddings?api-version=2024-10-21",
            ),
            (
                Service::Compatible { organization: None },
                "http://localhost:8000/v1/chat/completions",
                "http://localhost:8000/v1/embeddings",
            ),
        ];
        for (service, endpoint, expected) in table {
            assert_eq!(at(service, endpoint), expected);
        }
    }

    #[test]
    fn keys_go_where_the_service_looks_for_them() {
        let key = Secret::new("hunter2");
        let compatible = Service::Compatible { organization: Some("org-1".to_owned()) };
        let table = [
            (azure(None), vec![("api-key", "hunter2")]),
            (compatible, vec![("authorization", "Bearer hunter2"), ("openai-organization", "org-1")]),
        ];
        for (service, expected) in table {
            let headers = service.headers(&key).unwrap();
            let found: Vec<(&str, &str)> =
                headers.iter().map(|(name, value)| (name.as_str(), value.to_str().unwrap())).collect();
            assert_eq!(found, expected);
            assert!(!format!("{headers:?}").contains("hunter2"));
        }
        let own = Service::Compatible { organization: None };
        assert!(own.headers(&Secret::new("")).unwrap().is_empty());
        assert!(azure(None).headers(&Secret::new(" ")).is_err());
        assert!(azure(None).headers(&Secret::new("a\nb")).is_err());
    }
}
