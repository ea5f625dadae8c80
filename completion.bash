# Completes cardseg's jobs and options in bash.
_cardseg() {
  local current=${COMP_WORDS[COMP_CWORD]} words='' bare='' before=${COMP_WORDS[COMP_CWORD - 1]}
  if ((COMP_CWORD == 1)); then
    mapfile -t COMPREPLY < <(compgen -W "generate convert rfm inspect describe plan validate fit study assign verify status scaling --help --version --man --completion" -- "$current")
    return
  fi
  COMPREPLY=()
  case ${COMP_WORDS[1]} in
    generate) words="--customers --rows-per-shard --seed --segments --separation --extra-features --missing-share --deflate --output --overwrite" bare= ;;
    convert) words="--input --encoding --delimiter --header-line --no-header --columns --type --like --exclude --na --decimal --thousands --currency --dates --bad-rows --max-bad-rows --bad-rows-file --rows-per-shard --json --deflate --output --overwrite" bare=input ;;
    rfm) words="--as-of --window --features --customers --groups --cuts --customer-column --date-column --amount-column --transaction-column --category-column --channel-column --amounts --minor-units --transactions --encoding --delimiter --header-line --no-header --columns --na --decimal --thousands --currency --dates --bad-rows --max-bad-rows --bad-rows-file --rows-per-shard --json --deflate --output --overwrite" bare=transactions ;;
    inspect) words="--shards --columns --no-links" bare=shards ;;
    describe) words="--shards --columns --no-links" bare=shards ;;
    plan) words="--job --iterations --calibrate --constants --json --sbatch --ranks --nodes --cores-per-node --memory-per-node --shards --columns --no-links --description --id --exclude --transform --scale --missing --max-levels --precision --segments --silhouette-sample --seeding --improve --seeding-rounds --seeding-sample --restarts --max-iterations --tolerance --algorithm --stop-losers --together --seed --centroids --model --guard --no-guard --min-cell --output --overwrite --memory-limit --scratch --checkpoint-every --max-runtime --restart-from-scratch" bare=shards ;;
    validate) words="--shards --columns --no-links --description --id --exclude --transform --scale --missing --max-levels --precision --memory-limit --scratch" bare=shards ;;
    fit) words="--shards --columns --no-links --description --id --exclude --transform --scale --missing --max-levels --precision --segments --seeding --improve --centroids --seeding-rounds --seeding-sample --restarts --max-iterations --tolerance --algorithm --stop-losers --together --seed --min-cell --output --overwrite --memory-limit --scratch --checkpoint-every --max-runtime --restart-from-scratch" bare=shards ;;
    study) words="--shards --columns --no-links --description --id --exclude --transform --scale --missing --max-levels --precision --segments --silhouette-sample --seeding --improve --seeding-rounds --seeding-sample --restarts --max-iterations --tolerance --algorithm --stop-losers --together --seed --min-cell --output --overwrite --memory-limit --scratch --checkpoint-every --max-runtime --restart-from-scratch" bare=shards ;;
    assign) words="--model --guard --no-guard --shards --columns --no-links --output --overwrite" bare=shards ;;
    verify) words="--run" bare=run ;;
    status) words="--run --json" bare=run ;;
    scaling) words="--kind --ranks --repeat --customers --features --segments --iterations --algorithm --seed --shards --columns --no-links --description --id --exclude --transform --scale --missing --max-levels --precision --output --overwrite" bare=shards ;;
    *) return ;;
  esac
  if [[ $current == -* ]]; then
    mapfile -t COMPREPLY < <(compgen -W "$words --help --config --print-config --log --quiet --threads --simd --hang-timeout" -- "$current")
  elif [[ $bare == shards && $before != -* ]]; then # a word without a flag: directories and shards
    mapfile -t COMPREPLY < <(compgen -d -- "$current"; compgen -f -- "$current" | grep -E '\.(h5|hdf5)$')
  fi # else file names
}
complete -o default -F _cardseg cardseg
