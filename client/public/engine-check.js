/* oxlint-disable no-var -- there is no other word in ES5 */
// As it stands, for whatever engine a page is opened in; it must not use anything newer than ES5. It asks for what
// Chromium 87 has: early builds of 88 lack features of the finished one, and have all that the pages need.
;(function () {
  var isKnown =
    typeof Promise === 'function' &&
    typeof Promise.any === 'function' &&
    'noModule' in document.createElement('script') &&
    typeof CSS !== 'undefined' &&
    CSS.supports('inset', '0')
  if (isKnown) return
  if (/\/wall(\.html)?$/.test(location.pathname)) {
    // A key behind the hash would not reach the server.
    var key = /[#&]key=([^&]+)/.exec(location.hash)
    var query = location.search + (key ? (location.search ? '&' : '?') + 'key=' + key[1] : '')
    location.replace(location.pathname.replace(/wall(\.html)?$/, 'wall/basic') + query)
    return
  }
  document.addEventListener('DOMContentLoaded', function () {
    document.body.textContent =
      'This browser is too old for this page. Please use Chromium, Chrome or Edge 88, Firefox 89, Safari 15, or a newer one. ' +
      '此浏览器版本过旧，请使用 Chromium、Chrome 或 Edge 88，Firefox 89，Safari 15 或更高版本。'
  })
})()
