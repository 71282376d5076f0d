import type { NoticesSettings } from "../../config/schema";

/** For tests: a team that is told in the default way. */
export const NOTICES: NoticesSettings = { mails: ["team@shop.example"], format: "slack", mentions: [] };
