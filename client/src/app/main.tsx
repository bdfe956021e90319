import '../engine/polyfills.ts'
import '../live/jitless-zod.ts'
import '../theme/base.css'
import './mantine-styles.ts'
import '../theme/fonts.ts'
import '../theme/light-tokens.css'
import '../theme/desk-dark-tokens.css'
import '../theme/scale.css'
import { MantineProvider } from '@mantine/core'
import { Notifications } from '@mantine/notifications'
import { QueryClientProvider } from '@tanstack/react-query'
import { RouterProvider } from '@tanstack/react-router'
import { createRoot } from 'react-dom/client'
import { newQueryClient } from '../api/query-client.ts'
import { startTexts } from '../locales/i18n.ts'
import { isLanguage, pickLanguage } from '@stagewatch/shared/domain/locales.ts'
import { storedLanguage, storeLanguage } from '../locales/i18n.ts'
import { newRouter } from './router.ts'
import { colorSchemes, deskTheme, deskVariables } from '../theme/mantine-theme.ts'

const root = document.querySelector('#root')
if (root === null) throw new Error('desk.html has no #root')

const textFiles = import.meta.glob<object>(['../locales/*/*.json', '!**/{fallback,scan,start,wall}.json'], {
  import: 'default',
})
const asked = new URLSearchParams(location.search).get('lang')
if (isLanguage(asked)) storeLanguage(asked)

/** Keeps a page from fetching again what its route loader has just fetched. */
const freshForMs = 2_000

// A failure is shown at once with a retry button; there are no retries in the background.
const queries = newQueryClient({ retry: false, staleTime: freshForMs })
const router = newRouter(queries)

copyWithoutSoftHyphens()
void show(root)

async function show(place: Element): Promise<void> {
  const language = pickLanguage(isLanguage(asked) ? asked : storedLanguage(), navigator.language)
  await startTexts(language, textFiles)
  createRoot(place).render(
    <MantineProvider
      theme={deskTheme}
      cssVariablesResolver={deskVariables}
      colorSchemeManager={colorSchemes}
      defaultColorScheme="auto"
    >
      <QueryClientProvider client={queries}>
        <RouterProvider router={router} />
        <Notifications position="bottom-center" limit={3} />
      </QueryClientProvider>
    </MantineProvider>,
  )
}

/** Keeps soft hyphens out of what the user copies: a name with them would not be found elsewhere. */
function copyWithoutSoftHyphens(): void {
  document.addEventListener('copy', (event) => {
    const text = String(getSelection())
    const plain = text.replaceAll('\u00ad', '')
    if (plain === text) return
    event.clipboardData?.setData('text/plain', plain)
    event.preventDefault()
  })
}
