// The Node way from an archive to a build context: zlib and tar-fs extract it into a directory, tar-fs packs that.
//
//     NODE_PATH=/usr/share/nodejs node node-route.js FILE DIRECTORY
'use strict'
const fs = require('node:fs')
const { pipeline } = require('node:stream/promises')
const zlib = require('node:zlib')
const tar = require('tar-fs')

async function main([file, directory]) {
  const strip = { map: (header) => ({ ...header, name: header.name.split('/').slice(1).join('/') || '.' }) }
  await pipeline(fs.createReadStream(file), zlib.createGunzip(), tar.extract(directory, strip))
  let bytes = 0
  for await (const chunk of tar.pack(directory)) bytes += chunk.length
  console.log(`${bytes} bytes`)
}

main(process.argv.slice(2))
