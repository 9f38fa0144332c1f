/** Holds a session. */
export const SESSION_COOKIE = 'warder_session'
/** Holds what a browser is known by after somebody signed in with it; it opens nothing. */
export const DEVICE_COOKIE = 'warder_device'
