//! What kind of class a class is, by its decorators and bases as far as the file shows them.

use super::body::last_part;
use super::definition::{Definition, ParsedFile};

/// A kind of class whose attributes mean something to tools and readers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ClassRole {
    /// None of the others, or one whose base the file does not show.
    Plain,
    /// `@dataclass`, also pydantic's.
    Dataclass,
    /// `@attr.s`, `@attrs.define` and their relatives.
    Attrs,
    /// A pydantic model or its settings.
    Pydantic,
    /// `typing.NamedTuple`.
    NamedTuple,
    /// An enumeration.
    Enum,
    /// `typing.TypedDict`.
    TypedDict,
    /// `typing.Protocol`, named by the class itself.
    Protocol,
    /// An exception.
    Exception,
}

impl ClassRole {
    /// Returns whether the annotated names in its body are the parameters of its `__init__`.
    #[must_use]
    pub fn has_fields(self) -> bool {
        matches!(self, Self::Dataclass | Self::Attrs | Self::Pydantic | Self::NamedTuple)
    }
}

impl ParsedFile {
    /// Returns what kind of class a definition is; bases in the same file are followed.
    #[must_use]
    pub fn class_role(&self, class: &Definition) -> ClassRole {
        if class.bases.iter().any(|base| base_name(base.of(&self.text)) == "Protocol") {
            return ClassRole::Protocol;
        }
        let mut pending = vec![class];
        let mut visited = Vec::new();
        while let Some(current) = pending.pop() {
            if visited.contains(&current.index) {
                continue;
            }
            visited.push(current.index);
            if let Some(role) = current.decorators.iter().find_map(|decorator| decorated(decorator)) {
                return role;
            }
            for base in &current.bases {
                let written = base.of(&self.text);
                if let Some(role) = derived(base_name(written)) {
                    return role;
                }
                let outer = self.parent(current).map_or("", |parent| parent.qualified_name.as_str());
                let beside = format!("{outer}.{written}");
                let found = self.variants(&beside).chain(self.variants(written));
                pending.extend(found.filter(|found| found.kind.is_class()));
            }
        }
        ClassRole::Plain
    }
}

/// The last part of a base's name, without type arguments.
fn base_name(written: &str) -> &str {
    last_part(written.split(['[', '(']).next().unwrap_or("").trim())
}

fn decorated(decorator: &str) -> Option<ClassRole> {
    let (module, name) = decorator.rsplit_once('.').unwrap_or(("", decorator));
    match name {
        "dataclass" if !matches!(module, "attr" | "attrs") => Some(ClassRole::Dataclass),
        "attrs" | "attributes" | "define" | "frozen" | "mutable" | "dataclass" => Some(ClassRole::Attrs),
        "s" if matches!(module, "attr" | "attrs") => Some(ClassRole::Attrs),
        _ => None,
    }
}

fn derived(base: &str) -> Option<ClassRole> {
    match base {
        "BaseModel" | "BaseSettings" | "RootModel" | "SQLModel" => Some(ClassRole::Pydantic),
        "NamedTuple" => Some(ClassRole::NamedTuple),
        "Enum" | "IntEnum" | "StrEnum" | "Flag" | "IntFlag" | "ReprEnum" => Some(ClassRole::Enum),
        "TypedDict" => Some(ClassRole::TypedDict),
        base if super::imports::exceptions::built_in_base(base).is_some() || base == "BaseException" => {
            Some(ClassRole::Exception)
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::python::parse;

    #[test]
    fn classes_are_told_apart_by_decorators_and_bases() {
        let table = [
            ("class A: pass", ClassRole::Plain),
            ("class A(unknown.Base): pass", ClassRole::Plain),
            ("@dataclass\nclass A: pass", ClassRole::Dataclass),
            ("@dataclasses.dataclass(frozen=True)\nclass A: pass", ClassRole::Dataclass),
            ("@attr.s(auto_attribs=True)\nclass A: pass", ClassRole::Attrs),
            ("@attrs.define\nclass A: pass", ClassRole::Attrs),
            ("@attr.dataclass\nclass A: pass", ClassRole::Attrs),
            ("class A(pydantic.BaseModel): pass", ClassRole::Pydantic),
            ("class A(Generic[T], NamedTuple): pass", ClassRole::NamedTuple),
            ("class A(str, enum.Enum): pass", ClassRole::Enum),
            ("class A(TypedDict, total=False): pass", ClassRole::TypedDict),
            ("class A(Protocol[T]): pass", ClassRole::Protocol),
            ("class A(KeyError): pass", ClassRole::Exception),
            ("class A(metaclass=Enum): pass", ClassRole::Plain),
            ("class A(B): pass\nclass B(C): pass\nclass C(Enum): pass", ClassRole::Enum),
            ("class A(A): pass", ClassRole::Plain),
            ("class A(B): pass\nclass B(A): pass", ClassRole::Plain),
        ];
        for (source, expected) in table {
            let file = parse(&format!("{source}\n"));
            assert_eq!(file.class_role(&file.definitions[1]), expected, "{source}");
        }
    }
}
