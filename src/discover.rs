//! Feed and sitemap text to outlinks.
