// Shows messages that the server pushes to this browser, and opens their page. It answers no requests.
self.addEventListener('push', (event) => {
  const { title = 'Stagewatch', body = '', path = '/', tag } = event.data ? event.data.json() : {}
  event.waitUntil(self.registration.showNotification(title, { body, tag, data: { path } }))
})

self.addEventListener('notificationclick', (event) => {
  event.notification.close()
  const { path } = event.notification.data
  // A page of another server is never opened.
  const url = new URL(path, self.location.origin)
  if (url.origin === self.location.origin) event.waitUntil(self.clients.openWindow(url.href))
})
