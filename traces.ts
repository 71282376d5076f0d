/**
 * The SDK captures a stack trace for every promise, only to explain leaked ones: about half of the time that a
 * program of this size takes. TANDEM_TRACES=1 brings traces back for debugging. Imported before anything else.
 */
Error.stackTraceLimit = process.env.TANDEM_TRACES ? 50 : 0;
