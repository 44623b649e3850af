// Loads FHIR packages as SUSHI does, from a folder of them and without a registry.
// `node packages.mjs FOLDER`; {name, version} of a package in; {name, status} out, and then {name, url} of each
// resource of a package that has a canonical URL, as the loader finds it by that URL.
import loader from 'fhir-package-loader';
import { answer, requests } from './lines.mjs';

const refuse = () => Promise.reject(new Error('no network'));
const offline = { resolveVersion: async (_name, version) => version, download: refuse, downloadCurrentBuild: refuse, getCurrentBuildDate: refuse };
const loading = new loader.BasePackageLoader(
  await loader.createSQLJSPackageDB(),
  new loader.DiskBasedPackageCache(process.argv[2]),
  offline,
  offline,
);

for await (const { name, version } of requests()) {
  answer({ name, status: await loading.loadPackage(name, version) });
  for (const { url } of loading.findResourceInfos('*', { scope: name })) {
    const found = url && loading.findResourceJSON(url, { scope: name });
    if (found) {
      answer({ name, url: found.url });
    }
  }
}
