// A job's page: how far the work is, refreshed quietly. Without it there is a link to refresh.

const EVERY = 2000;
const AFTER_TROUBLE = 10000;

// People who listen to the page hear of each stage, and of every quarter that is done.
const QUARTER = 25;

/** Shows what a job's address tells; says whether the state is still the same. */
function show(box, told) {
  const bar = box.querySelector("progress");
  if (bar && told.percent !== null) {
    bar.value = told.percent;
  } else if (bar) {
    bar.removeAttribute("value");
  }
  for (const name of ["doing", "share"]) {
    const line = box.querySelector(`[data-job-${name}]`);
    if (line && line.textContent !== told[name]) {
      line.textContent = told[name];
    }
  }
  return told.state === box.dataset.job;
}

/** Says what is new since the page was opened, but not every step. */
function announcer(line, box) {
  const bar = box.querySelector("progress");
  let stage = box.querySelector("[data-job-doing]")?.textContent;
  let quarter = quarterOf(bar && bar.value);
  return (told) => {
    const reached = quarterOf(told.percent);
    if (told.doing !== stage || reached > quarter) {
      line.textContent = [told.doing, told.share].filter(Boolean).join(" ");
    }
    stage = told.doing;
    quarter = reached;
  };
}

function quarterOf(percent) {
  return Math.floor((percent || 0) / QUARTER);
}

async function fetched(address, kind) {
  const reply = await fetch(address, { headers: { Accept: kind } });
  // Who is signed out meanwhile is led elsewhere; loading the page again says so.
  if (reply.redirected || !reply.ok || !reply.headers.get("Content-Type").startsWith(kind)) {
    throw new Error("no progress to be had");
  }
  return reply;
}

/** The same box as the page has it now: a new state has other buttons and words. */
async function renewed(box) {
  const reply = await fetched(location.href, "text/html");
  const page = new DOMParser().parseFromString(await reply.text(), "text/html");
  const fresh = document.importNode(page.querySelector("[data-job]"), true);
  const hadFocus = box.contains(document.activeElement);
  box.replaceWith(fresh);
  if (hadFocus) {
    fresh.querySelector("h2").focus();
  }
  return fresh;
}

function follow(box, announce) {
  const link = box.querySelector("[data-job-refresh]");
  if (!box.dataset.progress) {
    return;
  }
  link.hidden = true;
  async function look() {
    if (document.hidden) {
      setTimeout(look, EVERY);
      return;
    }
    try {
      const told = await (await fetched(box.dataset.progress, "application/json")).json();
      announce(told);
      if (!show(box, told)) {
        follow(await renewed(box), announce);
        return;
      }
      link.hidden = true;
      setTimeout(look, EVERY);
    } catch (trouble) {
      link.hidden = false;
      setTimeout(look, AFTER_TROUBLE);
    }
  }
  setTimeout(look, EVERY);
}

const job = document.querySelector("[data-job]");
if (job) {
  follow(job, announcer(document.querySelector("[data-job-said]"), job));
}
