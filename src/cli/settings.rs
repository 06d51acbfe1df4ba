//! Settings: flags over environment over file over defaults, merged once and checked.
