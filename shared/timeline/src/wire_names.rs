//! Enums whose variants have a name in the webhooks.

/// Declares an enum whose variants have a name on the wire, and both ways between them.
macro_rules! wire_names {
    (
        $(#[$doc:meta])*
        $name:ident, otherwise $other:ident $other_text:literal;
        $($(#[$variant_doc:meta])* $variant:ident = $text:literal,)+
    ) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub enum $name {
            $($(#[$variant_doc])* $variant,)+
            #[doc = "Anything else that Webex may send: kept and counted, never refused."]
            $other,
        }

        impl $name {
            /// Every variant that has a name of its own.
            pub const NAMED: &[$name] = &[$($name::$variant,)+];

            /// The name on the wire.
            pub fn name(self) -> &'static str {
                match self {
                    $($name::$variant => $text,)+
                    $name::$other => $other_text,
                }
            }

            /// The variant of that exact name, else the one for everything else.
            pub fn from_name(name: &str) -> $name {
                match name {
                    $($text => $name::$variant,)+
                    _ => $name::$other,
                }
            }
        }

        impl $crate::output_names::Named for $name {
            fn from_name(name: &str) -> Option<$name> {
                Some($name::from_name(name))
            }
        }
    };
}

pub(crate) use wire_names;
