/** What the key of a secret's former value ends with. */
export const PREVIOUS = "_PREVIOUS";
