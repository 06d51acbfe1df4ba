//! How long a robots.txt is kept (RELIABILITY RB2, RB5): it spares a request for a day, and stands in for one that cannot be had
//! for thirty days.

use shiguan::crawl::Summary;
use shiguan::domain::verdict::SiteVerdict;

use super::bench::Bench;
use super::college::{College, path};
use super::passed::Passed;
use crate::support::response::{Response, Step};
use crate::support::server::Server;

const ROBOTS: &str = "/robots.txt";
/// A file that forbids the second article.
const RULES: &str = "User-agent: *\nDisallow: /info/1001/2.htm\n";

/// Requests of a run, robots.txt and other pages apart.
fn night(bench: &Bench, server: &Server) -> (Summary, usize, Vec<String>) {
    let before = server.targets().len();
    let summary = bench.run();
    let asked: Vec<String> = server.targets().split_off(before);
    let (robots, pages): (Vec<String>, Vec<String>) = asked.into_iter().partition(|target| target.contains(".txt"));
    (summary, robots.len(), pages)
}

#[test]
fn rules_spare_a_request_for_a_day_and_no_longer() {
    let (college, server) = College { robots: Some(RULES.to_owned()), ..College::with(3) }.serve();
    let bench = Bench::new(&server);
    let (_, robots, pages) = night(&bench, &server);
    assert_eq!((robots, pages.contains(&path(2))), (1, false));
    let mut nights = vec![Passed::hours(&bench, 23)];
    college.lock().unwrap().robots = Some("User-agent: *\nDisallow:\n".to_owned());
    let (_, robots, pages) = night(&bench, &server);
    assert_eq!((robots, pages.contains(&path(2))), (0, false), "after 23 hours the kept ones hold");
    nights.push(Passed::hours(&bench, 2));
    let (_, robots, pages) = night(&bench, &server);
    assert_eq!((robots, pages.contains(&path(2))), (1, true), "after 25 hours the file is read anew");
}

/// Nights with a robots.txt that cannot be had, by the days since it was last read, each with a new article.
fn nights_without(college: &super::college::Shared, server: &Server, last: u32) {
    let bench = Bench::new(server);
    let (first, robots, _) = night(&bench, server);
    assert_eq!((first.exit, robots), (0, 1));
    college.lock().unwrap().robots = None;
    let (mut nights, mut day) = (Vec::new(), 0);
    for (number, since) in (last + 1..).zip([2, 3, 29]) {
        nights.push(Passed::days(&bench, since - day));
        day = since;
        college.lock().unwrap().articles.insert(0, number);
        let (summary, robots, pages) = night(&bench, server);
        assert!(robots > 0, "day {since}: it is asked for");
        assert_eq!((summary.exit, summary.total.new), (0, 1), "day {since}: {:?}", summary.sites[0].failed);
        assert!(
            pages.contains(&path(number)) && !pages.contains(&path(2)),
            "day {since}: the old rules stand in: {pages:?}"
        );
    }
    nights.push(Passed::days(&bench, 2));
    college.lock().unwrap().articles.insert(0, last + 9);
    let (summary, robots, pages) = night(&bench, server);
    assert_eq!((robots > 0, pages), (true, Vec::new()), "after 31 days nothing is asked");
    let verdict = summary.sites[0].verdict;
    assert_eq!(summary.exit, 4);
    assert!(matches!(verdict, SiteVerdict::ServerError | SiteVerdict::Unreachable), "{verdict:?}");
    college.lock().unwrap().robots = Some(RULES.to_owned());
    let (summary, _, pages) = night(&bench, server);
    assert_eq!((summary.exit, pages.contains(&path(last + 9))), (0, true), "it is there again");
}

/// A college whose robots.txt is answered like this while the file is absent.
fn without(robots: fn() -> Response) -> (super::college::Shared, Server) {
    let college = College { robots: Some(RULES.to_owned()), ..College::with(3) };
    let shared = super::college::Shared::new(std::sync::Mutex::new(college));
    let behind = std::sync::Arc::clone(&shared);
    let server = Server::start(move |request| {
        let college = behind.lock().unwrap();
        if request.path() == ROBOTS && college.robots.is_none() { robots() } else { college.respond(request) }
    });
    (shared, server)
}

#[test]
fn rules_stand_in_for_a_file_that_answers_5xx_for_thirty_days() {
    let (college, server) = without(|| Response::status(503));
    nights_without(&college, &server, 3);
}

#[test]
fn rules_stand_in_for_a_file_that_cannot_be_reached_for_thirty_days() {
    let (college, server) = without(|| Response::script(vec![Step::Reset]));
    nights_without(&college, &server, 3);
}

#[test]
fn rules_stand_in_behind_a_redirect_too() {
    let (college, server) = without(|| Response::redirect("/broken.txt"));
    college.lock().unwrap().status.insert("/broken.txt".to_owned(), 500);
    nights_without(&college, &server, 3);
}
