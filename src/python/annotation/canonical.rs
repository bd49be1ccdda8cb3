//! Nodes → the one spelling that all types with the same meaning share.
//!
//! Parts stand before what they are parts of, so one pass over the nodes in order is enough.

use std::collections::BTreeSet;

use super::{Node, Resolver};

/// What a node is as a part of others.
#[derive(Debug, Clone)]
enum Form {
    /// A type, as the set of its members: more than one for a union.
    Type(BTreeSet<String>),
    /// What is no type and may stand between brackets: `...`, `[a, b]`, `*a`.
    Argument(String),
    /// Neither; a literal value, perhaps.
    Neither,
}

/// Names of `typing` that stand for a class elsewhere, by the module's documentation.
const ALIASES: &[(&str, &[&str])] = &[
    // The empty prefix: built-in classes. The names of the aliases begin with a capital letter.
    ("", &["List", "Dict", "Set", "FrozenSet", "Tuple", "Type"]),
    ("collections.", &["Deque", "DefaultDict", "OrderedDict", "Counter", "ChainMap"]),
    ("re.", &["Pattern", "Match"]),
    (
        "collections.abc.",
        &[
            "AsyncGenerator",
            "AsyncIterable",
            "AsyncIterator",
            "Awaitable",
            "Buffer",
            "ByteString",
            "Callable",
            "Collection",
            "Container",
            "Coroutine",
            "Generator",
            "Hashable",
            "ItemsView",
            "Iterable",
            "Iterator",
            "KeysView",
            "Mapping",
            "MappingView",
            "MutableMapping",
            "MutableSequence",
            "MutableSet",
            "Reversible",
            "Sequence",
            "Sized",
            "ValuesView",
        ],
    ),
];

/// Names of `typing` whose other name is spelled differently.
const RENAMED: &[(&str, &str)] = &[
    ("Text", "str"),
    ("AbstractSet", "collections.abc.Set"),
    ("ContextManager", "contextlib.AbstractContextManager"),
    ("AsyncContextManager", "contextlib.AbstractAsyncContextManager"),
    ("Never", "typing.NoReturn"),
];

/// What `typing` alone defines and docstrings write without a prefix.
const SPECIAL: &[&str] = &[
    "Annotated",
    "Any",
    "AnyStr",
    "ClassVar",
    "Concatenate",
    "Final",
    "Literal",
    "LiteralString",
    "NoReturn",
    "NotRequired",
    "Optional",
    "ReadOnly",
    "Required",
    "Self",
    "TypeAlias",
    "TypeGuard",
    "TypeIs",
    "Union",
    "Unpack",
];

/// Writes the last node; `None` when it is no type.
pub(super) fn write(nodes: &[Node], resolver: &Resolver<'_>) -> Option<String> {
    let mut forms: Vec<Form> = Vec::with_capacity(nodes.len());
    for node in nodes {
        let form = match node {
            Node::Name(name) => match name.as_str() {
                "True" | "False" => Form::Neither,
                name => single(canonical_name(name, resolver)),
            },
            Node::Text { quoted, .. } => quoted.map_or(Form::Neither, |place| forms[place].clone()),
            Node::Union(members) => union(members.iter().map(|place| &forms[*place])),
            Node::Subscript { base, arguments } => {
                let base = canonical_name(base, resolver);
                subscript(&base, &Arguments { places: arguments, nodes, forms: &forms, resolver })
            }
            Node::List(items) => match texts(items.iter().map(|place| &forms[*place])) {
                Some(texts) => Form::Argument(format!("[{}]", texts.join(", "))),
                None => Form::Neither,
            },
            Node::Ellipsis => Form::Argument("...".to_owned()),
            Node::Star(place) => match forms[*place].text() {
                Some(text) => Form::Argument(format!("*{text}")),
                None => Form::Neither,
            },
            Node::Tuple(_) | Node::Constant(_) => Form::Neither,
        };
        forms.push(form);
    }
    match forms.pop()? {
        // `*args: *Ts` is the one place for a star outside brackets.
        Form::Argument(text) if !text.starts_with('*') => None,
        form => form.text(),
    }
}

impl Form {
    /// Writes the form; in a union, `None` comes last.
    fn text(&self) -> Option<String> {
        match self {
            Self::Argument(text) => Some(text.clone()),
            Self::Neither => None,
            Self::Type(members) => {
                let others = members.iter().filter(|member| *member != "None");
                let last = members.get("None");
                Some(others.chain(last).map(String::as_str).collect::<Vec<_>>().join(" | "))
            }
        }
    }
}

/// What stands between the brackets behind a name.
struct Arguments<'a> {
    places: &'a [usize],
    nodes: &'a [Node],
    forms: &'a [Form],
    resolver: &'a Resolver<'a>,
}

impl<'a> Arguments<'a> {
    /// Yields the arguments; brackets around all of them mean nothing: `Tuple[(int, str)]`.
    fn forms(&self) -> impl Iterator<Item = &'a Form> {
        let places = match self.places {
            [only] => match &self.nodes[*only] {
                Node::Tuple(items) if !items.is_empty() => items.as_slice(),
                _ => self.places,
            },
            places => places,
        };
        places.iter().map(|place| &self.forms[*place])
    }

    fn is_empty_tuple(&self) -> bool {
        matches!(self.places, [only] if matches!(&self.nodes[*only], Node::Tuple(items) if items.is_empty()))
    }

    /// Writes the arguments. A class of somebody else's may take values, too: `Float[Array, "batch 3"]`.
    fn texts(&self, base: &str) -> Option<Vec<String>> {
        if is_known(base) {
            return texts(self.forms());
        }
        let text = |place: &usize| match (&self.forms[*place], &self.nodes[*place]) {
            (Form::Neither, node) => literal(node),
            (form, _) => form.text(),
        };
        self.places.iter().map(text).collect()
    }

    /// Writes literal values as a union of single ones, which PEP 586 makes of them.
    fn literals(&self) -> Form {
        let mut members = BTreeSet::new();
        for place in self.places {
            let value = match &self.nodes[*place] {
                Node::Name(name) if name == "None" => {
                    members.insert("None".to_owned());
                    continue;
                }
                // A member of an enumeration.
                Node::Name(name) if !matches!(name.as_str(), "True" | "False") => {
                    canonical_name(name, self.resolver)
                }
                Node::Subscript { .. } => {
                    let Form::Type(nested) = &self.forms[*place] else { return Form::Neither };
                    if !nested.iter().all(|member| member == "None" || member.starts_with("typing.Literal["))
                    {
                        return Form::Neither;
                    }
                    members.extend(nested.iter().cloned());
                    continue;
                }
                node => match literal(node) {
                    Some(value) => value,
                    None => return Form::Neither,
                },
            };
            members.insert(format!("typing.Literal[{value}]"));
        }
        Form::Type(members)
    }
}

/// Writes a value.
fn literal(node: &Node) -> Option<String> {
    match node {
        Node::Text { value, .. } => Some(format!("{value:?}")),
        Node::Constant(value) => Some(value.clone()),
        Node::Name(name) if matches!(name.as_str(), "True" | "False") => Some(name.clone()),
        _ => None,
    }
}

/// Returns whether it is known what stands between the brackets of a class.
fn is_known(base: &str) -> bool {
    let modules = ["typing.", "collections.", "contextlib.", "re."];
    matches!(base, "list" | "dict" | "set" | "frozenset" | "tuple" | "type")
        || modules.iter().any(|module| base.starts_with(module))
}

fn single(text: String) -> Form {
    Form::Type(BTreeSet::from([text]))
}

fn union<'a>(forms: impl Iterator<Item = &'a Form>) -> Form {
    let mut all = BTreeSet::new();
    for form in forms {
        let Form::Type(members) = form else { return Form::Neither };
        all.extend(members.iter().cloned());
    }
    Form::Type(all)
}

fn texts<'a>(forms: impl Iterator<Item = &'a Form>) -> Option<Vec<String>> {
    forms.map(Form::text).collect()
}

fn subscript(base: &str, arguments: &Arguments<'_>) -> Form {
    let forms: Vec<&Form> = arguments.forms().collect();
    match (base, forms.as_slice()) {
        ("typing.Literal", _) => return arguments.literals(),
        ("typing.Optional", [Form::Type(members)]) => {
            let mut members = members.clone();
            members.insert("None".to_owned());
            return Form::Type(members);
        }
        ("typing.Optional" | "None", _) => return Form::Neither,
        ("typing.Union", forms) => return union(forms.iter().copied()),
        ("typing.Annotated", [first, ..]) => return (*first).clone(),
        ("typing.Unpack", [only]) => {
            return only.text().map_or(Form::Neither, |text| Form::Argument(format!("*{text}")));
        }
        ("tuple", _) if arguments.is_empty_tuple() => return single("tuple[()]".to_owned()),
        // A class of a union is a union of classes, says PEP 484.
        ("type", [Form::Type(members)]) if members.len() > 1 => {
            return Form::Type(members.iter().map(|member| format!("type[{member}]")).collect());
        }
        _ => {}
    }
    let Some(mut texts) = arguments.texts(base) else { return Form::Neither };
    let last = if base == "collections.abc.Generator" { 2 } else { 1 };
    if matches!(base, "collections.abc.Generator" | "collections.abc.AsyncGenerator")
        && texts.len() == last + 1
        && texts[1..].iter().all(|text| text == "None")
    {
        // What is sent and returned is nothing unless it is said.
        texts.truncate(1);
    }
    if says_nothing(base, &texts) {
        return single(base.to_owned());
    }
    single(format!("{base}[{}]", texts.join(", ")))
}

/// A generic class without arguments is one of `Any`.
fn says_nothing(base: &str, arguments: &[String]) -> bool {
    let is_any = |text: &String| text == "typing.Any";
    match base {
        "tuple" | "collections.abc.Callable" => match arguments {
            [one, other] if base == "tuple" => is_any(one) && other == "...",
            [one, other] => one == "..." && is_any(other),
            _ => false,
        },
        "list" | "dict" | "set" | "frozenset" | "type" => arguments.iter().all(is_any),
        base => base.starts_with("collections.") && arguments.iter().all(is_any),
    }
}

/// Returns the one name of what several names stand for.
fn canonical_name(written: &str, resolver: &Resolver<'_>) -> String {
    if written == "None" {
        return written.to_owned();
    }
    let found = resolver(written);
    let name = found.as_deref().unwrap_or(written);
    let in_typing = ["typing.", "typing_extensions."].iter().find_map(|module| name.strip_prefix(module));
    // Docstrings name what is in `typing` without importing it.
    let unimported = (found.is_none() && !name.contains('.')).then_some(name);
    if let Some(name) = in_typing.or(unimported) {
        if let Some((_, other)) = RENAMED.iter().find(|(alias, _)| *alias == name) {
            return (*other).to_owned();
        }
        if let Some((module, _)) = ALIASES.iter().find(|(_, names)| names.contains(&name)) {
            return match *module {
                "" => name.to_ascii_lowercase(),
                "collections." if matches!(name, "Deque" | "DefaultDict") => {
                    format!("{module}{}", name.to_ascii_lowercase())
                }
                module => format!("{module}{name}"),
            };
        }
        if in_typing.is_some() || SPECIAL.contains(&name) {
            return format!("typing.{name}");
        }
    }
    match name {
        "deque" | "defaultdict" if unimported.is_some() => format!("collections.{name}"),
        "types.NoneType" | "NoneType" => "None".to_owned(),
        _ => {
            if let Some(builtin) = name.strip_prefix("builtins.") {
                return builtin.to_owned();
            }
            // Until Python 3.9 the abstract classes could be found one module higher.
            let abstract_class = name.strip_prefix("collections.").filter(|name| {
                ALIASES.iter().any(|(module, names)| *module == "collections.abc." && names.contains(name))
            });
            abstract_class.map_or_else(|| name.to_owned(), |name| format!("collections.abc.{name}"))
        }
    }
}
