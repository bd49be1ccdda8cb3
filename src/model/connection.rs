//! How HTTP is spoken, to models and by sign-ins alike: through which proxy, whom to trust, how much of an answer is read.
//!
//! Redirects are not followed, so that keys, tokens and code reach nobody else than the address that a person named.

use reqwest::{Certificate, Client, ClientBuilder, Proxy, Response, redirect};

use super::settings::SettingsError;

/// An answer that could not be read to its end.
#[derive(Debug)]
pub(super) enum Unread {
    /// The network failed.
    Network(reqwest::Error),
    /// It is larger than it may be.
    TooLarge,
}

/// Begins a client for plain http, which no proxy may carry away from this machine.
pub(super) fn direct() -> ClientBuilder {
    builder().no_proxy()
}

/// Begins a client for https: through a proxy in place of the one that the process has, and trusting certificates in PEM beside
/// the system's.
///
/// # Errors
///
/// When one of them cannot be used.
pub(super) fn encrypted(
    proxy: Option<&str>,
    certificates: Option<&[u8]>,
) -> Result<ClientBuilder, SettingsError> {
    let mut builder = builder().https_only(true);
    if let Some(proxy) = proxy {
        builder = builder.proxy(Proxy::all(proxy.trim()).map_err(|_| SettingsError::Proxy)?);
    }
    if let Some(pem) = certificates {
        let certificates = Certificate::from_pem_bundle(pem).map_err(|_| SettingsError::Certificates)?;
        if certificates.is_empty() {
            return Err(SettingsError::Certificates);
        }
        builder = builder.tls_certs_merge(certificates);
    }
    Ok(builder)
}

/// Finishes a client; that one of the certificates is none is known only when it is put among the others.
///
/// # Errors
///
/// When the certificates, or what the system brings, cannot be used.
pub(super) fn built(builder: ClientBuilder, certificates: Option<&[u8]>) -> Result<Client, SettingsError> {
    builder.build().map_err(|error| match certificates {
        Some(_) => SettingsError::Certificates,
        None => SettingsError::Client(error),
    })
}

fn builder() -> ClientBuilder {
    Client::builder()
        .user_agent(concat!("docgate/", env!("CARGO_PKG_VERSION")))
        .redirect(redirect::Policy::none())
}

/// Reads an answer of at most so many bytes, as they are after decompression.
pub(super) async fn read(mut response: Response, largest: usize) -> Result<Vec<u8>, Unread> {
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(Unread::Network)? {
        if body.len() + chunk.len() > largest {
            return Err(Unread::TooLarge);
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_proxy_or_certificates_that_cannot_be_used_are_refused() {
        type Settings = (Option<&'static str>, Option<&'static [u8]>);
        let table: [(Settings, &str); 5] = [
            ((Some("http://"), None), "Proxy"),
            ((Some(""), None), "Proxy"),
            ((None, Some(b"no certificate")), "Certificates"),
            ((None, Some(b"")), "Certificates"),
            ((None, Some(b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n")), "Certificates"),
        ];
        for ((proxy, certificates), expected) in table {
            let client = encrypted(proxy, certificates).and_then(|builder| built(builder, certificates));
            assert_eq!(format!("{:?}", client.unwrap_err()), expected, "{proxy:?}");
        }
        assert!(encrypted(Some(" http://proxy.example.org:3128\n"), None).is_ok());
    }
}
