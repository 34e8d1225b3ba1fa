// One comment on a pull request, found again by a marker: written the first time, changed later.

const PER_PAGE = 100;
/** A pull request with more comments than so many pages gets a second one of ours. */
const MOST_PAGES = 50;
/** GitHub takes 65,536 characters. */
const LONGEST = 65_000;
const TIMEOUT_MS = 30_000;

/**
 * @param given the address of GitHub's API, "owner/name", the pull request's number, a token, and what to write
 * @returns a sentence where it could not be written; the check itself does not fail for it
 */
export async function stickyComment({ api, repository, number, token, marker, body }) {
  const text = `${marker}\n${body.length > LONGEST ? `${body.slice(0, LONGEST)}\n\nThe rest is in the job's summary.` : body}`;
  const ask = (path, method = 'GET', sent) =>
    fetch(`${api}/repos/${repository}/issues/${path}`, {
      method,
      signal: AbortSignal.timeout(TIMEOUT_MS),
      headers: {
        Accept: 'application/vnd.github+json',
        Authorization: `Bearer ${token}`,
        'User-Agent': 'flopscope',
        'X-GitHub-Api-Version': '2022-11-28',
      },
      ...(sent === undefined ? {} : { body: JSON.stringify(sent) }),
    });
  try {
    const own = await ownComment(ask, number, marker);
    if (own?.body === text) return undefined;
    const response = own
      ? await ask(`comments/${own.id}`, 'PATCH', { body: text })
      : await ask(`${number}/comments`, 'POST', { body: text });
    if (!response.ok) throw new Refused(response.status);
    return undefined;
  } catch (error) {
    return `the comment could not be written: ${error instanceof Refused ? refusal(error.status) : error.message}`;
  }
}

class Refused extends Error {
  constructor(status) {
    super(String(status));
    this.status = status;
  }
}

async function ownComment(ask, number, marker) {
  for (let page = 1; page <= MOST_PAGES; page++) {
    const response = await ask(`${number}/comments?per_page=${PER_PAGE}&page=${page}`);
    if (!response.ok) throw new Refused(response.status);
    const comments = await response.json();
    const own = comments.find((comment) => comment.body?.startsWith(marker) && isTrusted(comment));
    if (own !== undefined || comments.length < PER_PAGE) return own;
  }
  return undefined;
}

const refusal = (status) =>
  [401, 403, 404].includes(status)
    ? `GitHub answered ${status}: give the job "permissions: pull-requests: write"; a pull request from a fork has no right to comment, and its report is in the job's summary`
    : `GitHub answered ${status}`;

/** Anybody can write a comment that begins with the marker; it would stay theirs to change. */
const isTrusted = ({ user, author_association: association }) =>
  user?.type === 'Bot' || ['OWNER', 'MEMBER', 'COLLABORATOR'].includes(association);
