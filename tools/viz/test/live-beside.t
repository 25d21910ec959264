#!/usr/bin/env perl
# `regionviz live A B': two recordings beside each other, aligned by operation, in a real terminal.
use strict;
use warnings;
use utf8;
use open qw(:std :encoding(UTF-8));
use File::Basename qw(dirname);
use File::Temp qw(tempdir);
use Test::More;
use lib dirname(__FILE__);

plan skip_all => 'tmux is not installed' if system('command -v tmux > /dev/null');
plan skip_all => 'there are no terminals here: /dev/pts is not mounted' if $^O eq 'linux' && !-e '/dev/pts/ptmx';
require Terminal;

my $build = $ENV{BUILD} // 'build';
my $make = $ENV{MAKE} // 'make';
my $folder = tempdir(CLEANUP => 1);

system("$make --no-print-directory BUILD=$build $build/host/run_script $build/regionviz > $folder/make.log 2>&1") == 0
        or BAIL_OUT("cannot build: see `make $build/host/run_script'");

# The same script, but for one operation: trees of the same name are compared.
mkdir "$folder/$_" for qw(a b);
system("cp kernel/user/workloads/teaching.ops $folder/a");
system("sed 's/^map locale .*/map locale 12K r-- near 0x20000/' $folder/a/teaching.ops > $folder/b/teaching.ops");
system("$build/host/run_script $folder/$_/teaching.ops -o $folder/$_.rtrace > /dev/null") for qw(a b);

for my $size ([ 80, 24 ], [ 140, 40 ]) {
        my ($columns, $rows) = @$size;
        my $terminal = Terminal->new(columns => $columns, rows => $rows,
                command => "$build/regionviz live $folder/a.rtrace $folder/b.rtrace");

        $terminal->shows(qr/^ op 1 \| op 1: alike · d: the first difference\n.*A  a\.rtrace .*│ B  b\.rtrace/ms,
                "$columns x $rows: both begin at the first operation, which is alike");
        $terminal->type('d');
        $terminal->shows(qr/^ op 56 \| op 56: the address that was asked for differs · the first difference$/m,
                'd goes to the first difference');
        $terminal->type(('Right') x 9);
        $terminal->shows(qr/▶1,000 .*│ ▶1,000 .*/, 'a step is one on both sides');
        $terminal->shows(qr/7 ≥ 3: taken.*│/, 'the one takes a gap') if $columns > 100;
        $terminal->type('[');
        $terminal->shows(qr/^ op 56 \|/m, 'back to its begin');
        $terminal->type('[');
        $terminal->shows(qr/^ op 55 \| op 55: alike/m, 'the one before is alike');
        $terminal->type('G');
        $terminal->shows(qr/^ op 82 \| (?:op \d+|none): /m, 'at the end the last operation is shown');
        $terminal->resize(100, 30);
        $terminal->shows(qr/A  a\.rtrace .*│ B  b\.rtrace/, 'it can be resized');
        $terminal->type('q');
        $terminal->shows(qr/\Aended with 0/, 'q ends it');
}

my $same = Terminal->new(columns => 100, rows => 30,
        command => "$build/regionviz live $folder/a.rtrace $folder/a.rtrace");
$same->shows(qr/op 1 \| op 1: alike · all operations are alike/, 'a recording beside itself');
$same->type('d');
$same->shows(qr/all operations of the two recordings are alike/, 'has no first difference');
$same->type('q');
$same->shows(qr/\Aended with 0/, 'it ends');

my $one = Terminal->new(columns => 100, rows => 30, command => "$build/regionviz live $folder/a.rtrace");
$one->shows(qr/op 1/, 'one recording');
$one->type('d');
$one->shows(qr/this is one recording/, 'has nothing beside it');

system('mkfifo', "$folder/growing") == 0 or BAIL_OUT('no named pipe');
is system("$build/regionviz live $folder/a.rtrace $folder/growing > $folder/said 2>&1 < /dev/null") >> 8, 2,
        'a recording that still grows cannot be compared';
open my $said, '<', "$folder/said" or die;
like join('', <$said>), qr/growing still grows: two recordings can be compared when both are complete/,
        'and that is said';

is system("$build/regionviz live $folder/a.rtrace /nowhere > $folder/said 2>&1 < /dev/null") >> 8, 2,
        'a second recording that is not there: status 2';
done_testing;
