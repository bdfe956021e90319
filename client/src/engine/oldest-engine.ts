/** Major version of the oldest Chromium that the pages run on; the build is made for it and checked against it. */
export const oldestChromium = 88
