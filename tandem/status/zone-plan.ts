import { type Known, known, reasonOf, unknown } from "./known";
import type { PlanStatus } from "./status";

const API = "https://api.cloudflare.com/client/v4";

type Fetch = (url: string, init: RequestInit) => Promise<Pick<Response, "status" | "json">>;

/** The zone's plan at Cloudflare. @param token what the provider goes by, too: CLOUDFLARE_API_TOKEN */
export async function zonePlan(
  zone: string,
  token: string | undefined,
  get: Fetch = fetch,
): Promise<Known<PlanStatus>> {
  if (!token) return unknown("Cloudflare says it to CLOUDFLARE_API_TOKEN only, which is not set");
  const found = await asked(`${API}/zones/${zone}`, token, get);
  if ("unknown" in found) return found;
  const { plan } = found.value as { plan?: { name?: string; legacy_id?: string } };
  const name = plan?.name ?? "unknown plan";
  if (plan?.legacy_id === "free") return known({ name, renewed: known(undefined) });
  const bill = await asked(`${API}/zones/${zone}/subscription`, token, get);
  if ("unknown" in bill) return known({ name, renewed: unknown(bill.unknown) });
  const { current_period_end: end } = bill.value as { current_period_end?: string };
  return known({ name, renewed: known(end) });
}

async function asked(url: string, token: string, get: Fetch): Promise<Known<object>> {
  try {
    const answer = await get(url, {
      headers: { authorization: `Bearer ${token}` },
      signal: AbortSignal.timeout(8000),
    });
    const { result, errors } = (await answer.json()) as {
      result?: object | null;
      errors?: readonly { readonly message: string }[];
    };
    if (result) return known(result);
    if (answer.status === 401 || answer.status === 403)
      return { unknown: "the token may not read it", failed: true };
    return { unknown: `Cloudflare: ${errors?.[0]?.message ?? answer.status}`, failed: true };
  } catch (error) {
    return { unknown: reasonOf(error), failed: true };
  }
}
