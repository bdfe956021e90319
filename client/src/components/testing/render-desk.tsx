import { MantineProvider } from '@mantine/core'
import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { render } from '@testing-library/react'
import type { ReactNode } from 'react'
import type { Health } from '../../api/health.ts'
import { startTexts } from '../../locales/i18n.ts'
import type { Language } from '@stagewatch/shared/domain/locales.ts'
import { deskTheme } from '../../theme/mantine-theme.ts'

const textFiles = import.meta.glob<object>(['../../locales/*/*.json', '!**/{fallback,start,wall}.json'], {
  import: 'default',
})

interface RenderOptions {
  readonly language?: Language
  /** The health in the query cache; no request is sent. */
  readonly health?: Health
}

/** Renders a part of the desk in the context of its page, with the texts of a language. */
export async function renderDesk(
  part: ReactNode,
  { language = 'en', health = 'ready' }: RenderOptions = {},
): Promise<void> {
  await startTexts(language, textFiles)
  const queries = new QueryClient({
    defaultOptions: { queries: { retry: false, staleTime: Infinity, refetchInterval: false } },
  })
  queries.setQueryData(['health'], health)
  render(part, {
    wrapper: ({ children }) => (
      <MantineProvider theme={deskTheme} env="test">
        <QueryClientProvider client={queries}>{children}</QueryClientProvider>
      </MantineProvider>
    ),
  })
}
