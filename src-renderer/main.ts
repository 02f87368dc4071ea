/** First file of the page: connects to the lab and puts the app on the screen. */
import '#renderer/theme/tokens.css'
import '#renderer/theme/base.css'
import { mount } from 'svelte'
import AppRoot from '#renderer/App.svelte'
import { connectToLab } from '#renderer/lab/client.ts'
import { App } from '#renderer/state/app.svelte.ts'
import { ConnectionState } from '#renderer/state/connection.svelte.ts'

const connection = new ConnectionState()
const client = connectToLab(window, (status) => connection.update(status))
const target = document.getElementById('app')
if (!target) throw new Error('index.html has no element #app.')
mount(AppRoot, { target, props: { app: new App(client, connection, window) } })
