//! `crawl`: what was typed becomes a job for the conductor; its summary becomes a report and an exit code.
