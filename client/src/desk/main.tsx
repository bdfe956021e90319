import '../live/jitless-zod.ts'
import './shell/base.css'
import './mantine-styles.ts'
import '../theme/fonts.ts'
import '../theme/light-tokens.css'
import './shell/shell.css'
import './parts/cards.css'
import './parts/forms.css'
import './parts/notes.css'
import './parts/actions.css'
import './parts/touch.css'
import './parts/table.css'
import { MantineProvider } from '@mantine/core'
import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { RouterProvider } from '@tanstack/react-router'
import { createRoot } from 'react-dom/client'
import { deskEn } from '../text/desk-en.ts'
import { deskZhCn } from '../text/desk-zh-cn.ts'
import { startTexts } from '../text/i18n.ts'
import { languages, pickLanguage } from '../text/language.ts'
import { rememberedLanguage, rememberLanguage } from '../text/remembered-language.ts'
import { router } from './router.tsx'
import { deskTheme, deskVariables } from './theme.ts'

const root = document.querySelector('#root')
if (root === null) throw new Error('desk.html has no #root')

const asked = languages.find((language) => language === new URLSearchParams(location.search).get('lang'))
if (asked !== undefined) rememberLanguage(asked)
await startTexts(pickLanguage(asked ?? rememberedLanguage(), navigator.language), { en: deskEn, zh: deskZhCn })

// What failed is shown at once with a button; it is not tried again behind the reader's back.
const queries = new QueryClient({ defaultOptions: { queries: { retry: false } } })

createRoot(root).render(
  <MantineProvider theme={deskTheme} cssVariablesResolver={deskVariables} forceColorScheme="light">
    <QueryClientProvider client={queries}>
      <RouterProvider router={router} />
    </QueryClientProvider>
  </MantineProvider>,
)
