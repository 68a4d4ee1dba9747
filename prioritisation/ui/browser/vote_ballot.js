// One participant's ballot. What is typed stays on this phone, also over a reload, until it is sent. A vote is sent
// again until the page confirms it: Streamlit forgets what is sent while there is no connection. Each has a name (`at`),
// so that however often it arrives it is stored once.

const PATIENCE = 5000;
const MOST_PATIENCE = 20000;
const NOT_YET = "Not sent yet. Leave this page open: it goes by itself when the connection is back.";
const REFUSED = "Not sent. Below it says what to mend.";

class Ballot {
  constructor(parent, data) {
    this.root = element("section", { class: "ballot", "aria-label": "Your vote" }, parent);
    element("style", { text: data.css }, this.root);
    this.shares = data.way === "points" ? new GivenOut(data.priorities.length) : new SharedOut(data.priorities.length);
    const keep = (k) => (this.shares.keep(k), this.draw());
    const actions = { move: (k, percent) => this.move(k, percent), ...(this.shares.keep ? { keep } : {}) };
    this.rows = new BallotRows(this.root, data.priorities, data.way === "points" ? "points" : "percent", actions);
    this.buildReason(data);
    this.buildFoot(data);
    this.begin(data);
  }

  buildReason(data) {
    const box = element("div", { class: "reason" }, this.root);
    element("label", { for: "reason", text: "Why? (only if you want to say)" }, box);
    element("p", { class: "about", id: "about-reason", text: "Shown without your organisation after the reveal. Write nothing about one person." }, box);
    this.reason = element("textarea", { id: "reason", rows: "3", maxlength: data.longest, "aria-describedby": "about-reason" }, box);
    this.reason.addEventListener("input", () => this.remember());
  }

  buildFoot(data) {
    const foot = element("div", { class: "foot" }, this.root);
    this.total = element("p", { class: "total", role: "status" }, foot);
    this.button = button(foot, data.after ? "Send my changed vote" : "Send my vote", () => this.send(), { class: "send" });
    this.told = element("p", { class: "told", role: "status" }, foot);
  }

  /** The vote that stands, else what was begun here before a reload, else equal shares. */
  begin(data) {
    this.place = `ballot-${data.whose}-${data.after}`;
    forgetOthers(this.place);
    const begun = recalled(this.place, data.priorities.length) ?? data.own;
    if (begun) this.shares.take(begun.weights);
    this.reason.value = begun?.reason ?? "";
    this.draw();
  }

  take({ data, setStateValue }) {
    Object.assign(this, { data, setStateValue });
    if (data.refused === this.sent) this.settle(REFUSED);
  }

  move(k, percent) {
    const refusal = this.shares.move(k, percent);
    this.rows.rows.forEach((_, j) => this.rows.say(j, j === k ? refusal : ""));
    this.draw();
    this.remember();
  }

  draw() {
    this.rows.draw(this.shares.percents, this.shares.kept);
    const points = this.shares instanceof GivenOut;
    setText(this.total, points ? leftWords(this.shares.left) : "Together always 100%");
    this.total.toggleAttribute("data-open", this.shares.left !== 0);
    this.button.setAttribute("aria-disabled", String(this.shares.left !== 0));
  }

  remember() {
    try {
      sessionStorage.setItem(this.place, JSON.stringify({ weights: this.shares.percents, reason: this.reason.value }));
    } catch { /* a browser that keeps nothing loses only what was not sent */ }
  }

  send() {
    if (this.shares.left) return setText(this.told, `${leftWords(this.shares.left)}: give out exactly 100, then send.`);
    this.remember();
    this.sent = `${Date.now()}-${Math.random()}`;
    const vote = { weights: [...this.shares.percents], reason: this.reason.value, after: this.data.after, at: this.sent };
    this.settle("Sending\u2026");
    return this.deliver(vote, PATIENCE);
  }

  /** Send, and again after a while, each time waiting longer: another run of the page interrupts the one before. */
  deliver(vote, patience) {
    this.tries = (this.tries ?? 0) + 1;
    this.setStateValue("vote", { ...vote, tries: this.tries });
    this.waiting = setTimeout(() => {
      if (!this.root.isConnected) return;
      setText(this.told, NOT_YET);
      this.deliver(vote, Math.min(2 * patience, MOST_PATIENCE));
    }, patience);
  }

  settle(words) {
    clearTimeout(this.waiting);
    setText(this.told, words);
  }
}

/** What was begun in this tab and never sent; nothing where there is none, or not for these priorities. */
function recalled(place, count) {
  try {
    const begun = JSON.parse(sessionStorage.getItem(place));
    const usable = begun?.weights?.length === count && begun.weights.every((share) => share >= 0 && share <= 100);
    return usable ? { weights: begun.weights, reason: String(begun.reason ?? "") } : undefined;
  } catch {
    return undefined;
  }
}

/** Another ballot of this tab is another participant's on a shared phone, or a vote that is stored. */
function forgetOthers(place) {
  try {
    for (const key of Object.keys(sessionStorage)) {
      if (key.startsWith("ballot-") && key !== place) sessionStorage.removeItem(key);
    }
  } catch { /* a browser that keeps nothing has nothing to forget */ }
}

export default function (mount) {
  const { data, parentElement } = mount;
  const name = `${data.whose}-${data.after}`;
  if (parentElement.ballotOf !== name) {
    parentElement.ballot?.root.remove();
    parentElement.ballot = new Ballot(parentElement, data);
    parentElement.ballotOf = name;
  }
  parentElement.ballot.take(mount);
}
