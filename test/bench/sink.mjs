// A Langfuse that takes everything and looks at nothing, in a process of its own: what it costs is not counted.
import { createServer } from 'node:http';

const server = createServer((request, response) => {
  request.resume();
  request.on('end', () => {
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify(request.url.endsWith('/health') ? { status: 'OK', version: '4.16.0' } : {}));
  });
});
server.listen(0, '127.0.0.1', () => process.send(server.address().port));
process.on('disconnect', () => process.exit());
