//! Enums whose variants have a name in outputs: each name is written once, and read back from there.

/// A value that tables hold by its name.
pub trait Named: Copy {
    /// The value of that name, if there is one.
    fn from_name(name: &str) -> Option<Self>;
}

/// Gives an enum the names of its variants in outputs, and both ways between them. A variant that is
/// missing does not compile.
#[macro_export]
macro_rules! output_names {
    ($name:ident { $($variant:ident = $text:literal,)+ }) => {
        impl $name {
            /// Every variant, in the order of the columns of a report.
            pub const ALL: [$name; [$($text),+].len()] = [$($name::$variant),+];

            /// The name in outputs.
            pub fn name(self) -> &'static str {
                match self {
                    $($name::$variant => $text,)+
                }
            }
        }

        impl $crate::Named for $name {
            fn from_name(name: &str) -> Option<$name> {
                $name::ALL.into_iter().find(|value| value.name() == name)
            }
        }
    };
}

pub(crate) use output_names;
