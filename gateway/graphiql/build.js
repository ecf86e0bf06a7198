// Build the page's files into the Python package that serves them. Run by scripts/build-graphiql.
import { bundle } from './bundle.js';
import { thirdPartyLicences } from './licences.js';
import { pack } from './pack.js';

const { output, packages } = await bundle();
pack(output, thirdPartyLicences(packages));
