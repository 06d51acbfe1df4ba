//! Answers for the loopback server: honest ones, and every way of being a bad server.
//!
//! An answer is a script of what goes over the wire, so a test says exactly which bytes, when, and when the line goes dead.

use std::time::Duration;

/// One step of an answer.
#[derive(Debug, Clone)]
pub(crate) enum Step {
    /// These bytes.
    Send(Vec<u8>),
    /// Nothing, for so long.
    Pause(Duration),
    /// These bytes again and again until the client goes away.
    Forever(Vec<u8>),
    /// Nothing, until the client goes away.
    Silence,
    /// Hang up as if the line were cut (RST): what is on its way is lost.
    Reset,
    /// Hang up; without this the connection stays open for the next request.
    HangUp,
}

/// What the server answers.
#[derive(Debug, Clone)]
pub(crate) struct Response {
    status: u16,
    headers: Vec<(String, Vec<u8>)>,
    body: Vec<u8>,
    before: Vec<Step>,
    wire: Wire,
}

/// How the body goes over the wire.
#[derive(Debug, Clone)]
enum Wire {
    /// With its length.
    Length,
    /// With this length, whatever the truth, then hang up.
    FalseLength(String),
    /// In chunks of so many bytes.
    Chunks(usize),
    /// Until the server hangs up, as HTTP/1.0 did.
    ToEnd,
    /// So many bytes of the body, then these steps.
    Partly(usize, Vec<Step>),
    /// Not HTTP as we know it: these steps are everything.
    Raw(Vec<Step>),
}

impl Response {
    /// A body of some type.
    pub(crate) fn new(status: u16, content_type: &str, body: impl Into<Vec<u8>>) -> Self {
        let response = Self { status, headers: Vec::new(), body: body.into(), before: Vec::new(), wire: Wire::Length };
        if content_type.is_empty() { response } else { response.header("Content-Type", content_type) }
    }

    /// 200, a page in UTF-8.
    pub(crate) fn html(body: impl Into<Vec<u8>>) -> Self {
        Self::new(200, "text/html; charset=utf-8", body)
    }

    /// 200, JSON.
    pub(crate) fn json(body: impl Into<Vec<u8>>) -> Self {
        Self::new(200, "application/json", body)
    }

    /// 200, plain text: a robots.txt, say.
    pub(crate) fn text(body: impl Into<Vec<u8>>) -> Self {
        Self::new(200, "text/plain", body)
    }

    /// A status and a word to go with it.
    pub(crate) fn status(status: u16) -> Self {
        Self::new(status, "text/plain", format!("status {status}"))
    }

    /// 302 to somewhere.
    pub(crate) fn redirect(location: &str) -> Self {
        Self::new(302, "", "").header("Location", location)
    }

    /// 304: no body.
    pub(crate) fn not_modified() -> Self {
        Self::new(304, "", "")
    }

    /// Not HTTP as we know it: these bytes and no others, then hang up.
    pub(crate) fn raw(bytes: impl Into<Vec<u8>>) -> Self {
        Self::script(vec![Step::Send(bytes.into()), Step::HangUp])
    }

    /// These steps and no others.
    pub(crate) fn script(steps: Vec<Step>) -> Self {
        Self { wire: Wire::Raw(steps), ..Self::new(200, "", "") }
    }

    /// With this header.
    pub(crate) fn header(mut self, name: &str, value: impl Into<Vec<u8>>) -> Self {
        self.headers.push((name.to_owned(), value.into()));
        self
    }

    /// After so long.
    pub(crate) fn after(mut self, pause: Duration) -> Self {
        self.before.push(Step::Pause(pause));
        self
    }

    /// Body in chunks of so many bytes.
    pub(crate) fn chunked(self, size: usize) -> Self {
        Self { wire: Wire::Chunks(size), ..self }
    }

    /// Body without a length, ended by hanging up.
    pub(crate) fn ended_by_hanging_up(self) -> Self {
        Self { wire: Wire::ToEnd, ..self }
    }

    /// Announces this length and hangs up after the true body.
    pub(crate) fn false_length(self, length: &str) -> Self {
        Self { wire: Wire::FalseLength(length.to_owned()), ..self }
    }

    /// Hangs up after so many bytes of the body, its true length announced.
    pub(crate) fn dropped_after(self, bytes: usize) -> Self {
        Self { wire: Wire::Partly(bytes, vec![Step::HangUp]), ..self }
    }

    /// Falls silent after so many bytes of the body.
    pub(crate) fn silent_after(self, bytes: usize) -> Self {
        Self { wire: Wire::Partly(bytes, vec![Step::Silence]), ..self }
    }

    /// Sends its body again and again, in chunks that never end.
    pub(crate) fn endless(self) -> Self {
        let mut chunk = format!("{:x}\r\n", self.body.len()).into_bytes();
        chunk.extend(&self.body);
        chunk.extend(b"\r\n");
        let head = Self { wire: Wire::Chunks(1), body: Vec::new(), ..self.clone() }.head();
        let steps = vec![Step::Send(head), Step::Forever(chunk)];
        Self { wire: Wire::Raw(steps), ..self }
    }

    /// The script of this answer, and whether the connection is kept.
    pub(crate) fn into_steps(mut self) -> Vec<Step> {
        let mut steps = std::mem::take(&mut self.before);
        if let Wire::Raw(raw) = self.wire {
            steps.extend(raw);
            return steps;
        }
        steps.push(Step::Send(self.head()));
        match self.wire {
            Wire::Length => steps.push(Step::Send(self.body)),
            Wire::Chunks(size) => steps.push(Step::Send(chunks(&self.body, size))),
            Wire::ToEnd | Wire::FalseLength(_) => steps.extend([Step::Send(self.body), Step::HangUp]),
            Wire::Partly(bytes, rest) => {
                self.body.truncate(bytes);
                steps.push(Step::Send(self.body));
                steps.extend(rest);
            }
            Wire::Raw(_) => {}
        }
        steps
    }

    fn head(&self) -> Vec<u8> {
        let mut head = format!("HTTP/1.1 {} Answer\r\n", self.status).into_bytes();
        for (name, value) in &self.headers {
            head.extend(name.as_bytes());
            head.extend(b": ");
            head.extend(value);
            head.extend(b"\r\n");
        }
        let framing = match &self.wire {
            _ if self.status == 304 => String::new(),
            Wire::Length | Wire::Partly(..) => format!("Content-Length: {}\r\n", self.body.len()),
            Wire::FalseLength(length) => format!("Content-Length: {length}\r\n"),
            Wire::Chunks(_) => "Transfer-Encoding: chunked\r\n".to_owned(),
            Wire::ToEnd => "Connection: close\r\n".to_owned(),
            Wire::Raw(_) => String::new(),
        };
        head.extend(framing.as_bytes());
        head.extend(b"\r\n");
        head
    }
}

fn chunks(body: &[u8], size: usize) -> Vec<u8> {
    let mut wire = Vec::new();
    for chunk in body.chunks(size.max(1)) {
        wire.extend(format!("{:x}\r\n", chunk.len()).as_bytes());
        wire.extend(chunk);
        wire.extend(b"\r\n");
    }
    wire.extend(b"0\r\n\r\n");
    wire
}
