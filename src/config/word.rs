//! Settings that are one of a few words.

/// Makes an enum whose variants are written as words, in files, in the environment and on the command line.
macro_rules! words {
    ($(#[$about:meta])* $name:ident { $($(#[$doc:meta])* $variant:ident = $word:literal,)+ }) => {
        $(#[$about])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum $name { $($(#[$doc])* $variant,)+ }

        impl $name {
            /// Every word, in the order of the documentation.
            pub const WORDS: &[&str] = &[$($word),+];

            /// Returns the word.
            #[must_use]
            pub fn word(self) -> &'static str {
                match self { $(Self::$variant => $word,)+ }
            }
        }

        impl std::str::FromStr for $name {
            type Err = String;

            /// Reads the word; the error is a phrase that lists the words there are.
            fn from_str(text: &str) -> Result<Self, String> {
                match text {
                    $($word => Ok(Self::$variant),)+
                    _ => Err(unknown_word(text, Self::WORDS)),
                }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                formatter.write_str(self.word())
            }
        }
    };
}

words! {
    /// What the hook does about findings.
    Mode {
        /// Reports them, and blocks when one is an error.
        Check = "check",
        /// Answers what it can, and blocks on what is left.
        Fix = "fix",
        /// Reports them and never blocks.
        Warn = "warn",
    }
}

words! {
    /// Which touched public definitions must have a docstring.
    Require {
        /// Every one that was touched.
        Touched = "touched",
        /// Only new ones, for gentle adoption.
        Added = "added",
    }
}

words! {
    /// Who writes missing prose.
    ModelChoice {
        /// Azure when endpoint and key are in the environment, otherwise nobody.
        Auto = "auto",
        /// Azure OpenAI.
        Azure = "azure",
        /// OpenAI itself.
        OpenAi = "openai",
        /// Anthropic, through its route for OpenAI's protocol.
        Anthropic = "anthropic",
        /// Gemini, through its route for OpenAI's protocol.
        Gemini = "gemini",
        /// Ollama on this machine.
        Ollama = "ollama",
        /// vLLM on this machine.
        Vllm = "vllm",
        /// Any other service that speaks OpenAI's protocol.
        Compatible = "compatible",
        /// Nobody: marked placeholders are written.
        Skeleton = "skeleton",
        /// Nobody: missing prose stays missing.
        None = "none",
    }
}

words! {
    /// Who chooses the examples that a model is shown.
    ExampleSource {
        /// Vectors when a deployment makes them, otherwise words.
        Auto = "auto",
        /// Words that definitions share; offline.
        Lexical = "lexical",
        /// The vectors of an embedding deployment.
        Embeddings = "embeddings",
        /// An index of Azure AI Search.
        Search = "search",
        /// Nobody: no examples are shown.
        None = "none",
    }
}

words! {
    /// How Azure is told who asks.
    SignIn {
        /// With the key of the resource.
        Key = "key",
        /// With a token of whoever is signed in to the Azure CLI.
        Cli = "cli",
        /// With a token of the identity that Azure gives to the machine.
        ManagedIdentity = "managed-identity",
        /// With a token of the identity that Kubernetes gives to the pod.
        WorkloadIdentity = "workload-identity",
        /// With a token of the identity that GitHub gives to the job.
        GithubOidc = "github-oidc",
    }
}

words! {
    /// What findings become that only the model could have answered, when it fails.
    OnFailure {
        /// They stay what they are.
        Block = "block",
        /// They become warnings.
        Allow = "allow",
    }
}

words! {
    /// How much a rule weighs.
    Level {
        /// It blocks.
        Error = "error",
        /// It is shown and does not block.
        Warning = "warning",
        /// It never changes the exit code.
        Advice = "advice",
        /// It is not looked for.
        Off = "off",
    }
}

words! {
    /// How a model is made to answer in JSON.
    StructuredOutput {
        /// A strict JSON Schema as the format of the answer.
        JsonSchema = "json-schema",
        /// A tool that must be called.
        Tools = "tools",
        /// A function that must be called, in the older words.
        Functions = "functions",
        /// A schema in the prompt.
        Text = "text",
    }
}

words! {
    /// The parameter that limits the length of an answer.
    LengthParameter {
        /// What reasoning models reject.
        MaxTokens = "max-tokens",
        /// What old interfaces do not know.
        MaxCompletionTokens = "max-completion-tokens",
    }
}

words! {
    /// How much a reasoning model thinks.
    ReasoningEffort {
        /// Not at all.
        None = "none",
        /// Hardly.
        Minimal = "minimal",
        /// A little.
        Low = "low",
        /// As it does unasked.
        Medium = "medium",
        /// Much.
        High = "high",
        /// As much as it can.
        Highest = "xhigh",
    }
}

/// The convention that docstrings follow.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Style {
    /// The convention that most docstrings of a module follow; Google's when that is undecided.
    Auto,
    /// Google's.
    Google,
    /// numpydoc's.
    Numpy,
    /// Sphinx's field lists.
    Sphinx,
    /// Epydoc's.
    Epytext,
}

impl Style {
    /// Every word, in the order of the documentation.
    pub const WORDS: &[&str] = &["auto", "google", "numpy", "sphinx", "epytext"];

    /// Returns the word.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Auto => "auto",
            Self::Google => "google",
            Self::Numpy => "numpy",
            Self::Sphinx => "sphinx",
            Self::Epytext => "epytext",
        }
    }
}

impl std::str::FromStr for Style {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "auto" => Ok(Self::Auto),
            "google" => Ok(Self::Google),
            "numpy" => Ok(Self::Numpy),
            "sphinx" => Ok(Self::Sphinx),
            "epytext" => Ok(Self::Epytext),
            _ => Err(unknown_word(text, Self::WORDS)),
        }
    }
}

impl std::fmt::Display for Style {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(self.word())
    }
}

words! {
    /// What a section of a docstring is about.
    Section {
        /// What a function takes.
        Parameters = "parameters",
        /// What it takes beside that.
        OtherParameters = "other-parameters",
        /// What an object has.
        Attributes = "attributes",
        /// What an object does.
        Methods = "methods",
        /// What is returned.
        Returns = "returns",
        /// What is yielded.
        Yields = "yields",
        /// What a generator is sent.
        Receives = "receives",
        /// Which exceptions are raised.
        Raises = "raises",
        /// Which warnings are given.
        Warns = "warns",
        /// What to be careful with.
        Warnings = "warnings",
        /// What is related.
        SeeAlso = "see-also",
        /// What else there is to say.
        Notes = "notes",
        /// What the text refers to.
        References = "references",
        /// How it is used.
        Examples = "examples",
        /// What is to be done.
        Todo = "todo",
        /// Since when it should not be used.
        Deprecated = "deprecated",
        /// Something that no convention knows.
        Custom = "custom",
    }
}

words! {
    /// What is defined.
    Kind {
        /// A module or a package.
        Module = "module",
        /// A class.
        Class = "class",
        /// A function.
        Function = "function",
        /// A method that is no property.
        Method = "method",
        /// A property.
        Property = "property",
    }
}

words! {
    /// The line on which a summary begins that has something below it.
    SummaryLine {
        /// That of the opening quotes.
        First = "first",
        /// The one below.
        Second = "second",
    }
}

words! {
    /// Whether new entries repeat the types of the signature.
    Types {
        /// As the other entries do; without any, in numpydoc's style alone.
        Auto = "auto",
        /// Always.
        Always = "always",
        /// Never.
        Never = "never",
    }
}

impl ModelChoice {
    /// Returns whether somebody beyond this process is asked.
    #[must_use]
    pub fn is_service(self) -> bool {
        !matches!(self, Self::Auto | Self::Skeleton | Self::None)
    }

    /// Returns whether a file of a repository may choose it: that decides where code goes, and with which key.
    pub(super) fn is_for_files(self) -> bool {
        !self.is_service() || self == Self::Azure
    }
}

fn unknown_word(text: &str, words: &[&str]) -> String {
    let words: Vec<String> = words.iter().map(|word| format!("\"{word}\"")).collect();
    format!("expected one of {}, found {text:?}", words.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_reads_back() {
        for word in Mode::WORDS {
            assert_eq!(word.parse::<Mode>().map(Mode::word), Ok(*word));
        }
        for word in ModelChoice::WORDS {
            assert_eq!(word.parse::<ModelChoice>().map(ModelChoice::word), Ok(*word));
        }
        for word in Style::WORDS {
            assert_eq!(word.parse::<Style>().map(Style::word), Ok(*word));
        }
        assert_eq!(
            "Fix".parse::<Mode>(),
            Err("expected one of \"check\", \"fix\", \"warn\", found \"Fix\"".to_owned())
        );
    }
}
