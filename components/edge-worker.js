/**
 * Stands between a visitor and the origin, on every route of an environment. It adds the key without which
 * the origin answers 403, so that nobody reaches it around the edge, not even another customer of Cloudflare.
 * Bindings: ORIGIN_KEY (secret) and NOINDEX ("on" where search engines must stay away).
 */
export default {
  async fetch(request, env) {
    const forwarded = new Request(request);
    // Set, not added: what a visitor sends under this name never reaches the origin.
    forwarded.headers.set("X-Origin-Key", env.ORIGIN_KEY);
    const response = await fetch(forwarded);
    // 101 hands over a socket, which a copied response would lose.
    if (env.NOINDEX !== "on" || response.status === 101) return response;
    const marked = new Response(response.body, response);
    marked.headers.set("X-Robots-Tag", "noindex, nofollow");
    return marked;
  },
};
