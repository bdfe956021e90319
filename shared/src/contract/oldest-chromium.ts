/** Major version of the oldest supported Chromium. The build of the pages targets it and is checked against it. */
export const oldestChromium = 88
