/** Entry point of the server's process. */
import { createConnection, ProposedFeatures } from 'vscode-languageserver/node';
import { diskHost } from './disk-host';
import { startServer } from './server';

const connection = createConnection(ProposedFeatures.all);
// A rejected promise nobody waits for is a bug of ours, but none that should cost the user all squiggles.
process.on('unhandledRejection', (error) => connection.console.error(`unhandled: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`));
startServer(connection, diskHost());
