#!/usr/bin/env perl
# regionviz locks: who holds and who waits for locks, and the order of their classes, of a kernel that violates it and
# of one on four processors; as a picture and in words.
use strict;
use warnings;
use utf8;
use open qw(:std :encoding(UTF-8));
use File::Basename qw(dirname);
use Test::More;
use lib dirname(__FILE__);
use Regionviz qw($build $folder build regionviz refused text_of);

plan skip_all => 'there is no qemu-system-x86_64' if system('command -v qemu-system-x86_64 > /dev/null');
build(qw(kernel initrd tools));

sub record {
        my ($name, $arguments) = @_;
        system("$build/regiontrace record --kernel $build/kernel/understory.elf --initrd $build/initrd.cpio " .
                "$arguments -o $folder/$name.rtrace > $folder/$name.log 2>&1");
        return "$folder/$name.rtrace";
}

my $wrong = record('wrong', '--append "test-panic=lock-order trace=+lock"');
my ($status, $words) = regionviz('locks', "$wrong --text");
is $status, 0, 'a kernel that violates the order, in words';
like $words, qr/^wrong\.rtrace: locks at event [\d,]+: the first violation of the order$/m,
        'shows the moment of the violation';
like $words, qr/^  cpu 0.*\n +holds +test_inner at 0xf+\w+ since event [\d,]+$/m, 'what is held there';
like $words, qr/^  test +before  test_inner +first at event [\d,]+, 1 time$/m, 'the order recorded before';
my $violation = qr/cpu 0: a lock of class test is wanted while one of class test_inner is held/;
like $words, qr/which the kernel found\n  event [\d,]+, $violation\n  but test was taken before test_inner at event/,
        'and how the violation contradicts it' or diag $words;

($status, my $said) = regionviz('locks', "$wrong -o $folder/wrong.svg");
is $status, 0, 'as a picture';
like $said, qr{wrong\.svg: locks at event [\d,]+: the first violation of the order; [\d,]+ x [\d,]+ pixels$},
        'it says of what, and how large';
my $picture = text_of("$folder/wrong.svg");
like $picture, qr/<title id="title">wrong\.rtrace · locks at event/, 'with a title';
like $picture, qr/#b3261e/, 'the violation is red';
like $picture, qr/violation: [\d,]+</, 'and named';
like $picture, qr/prefers-color-scheme:dark/, 'for dark screens, too';
is system("xmllint --noout $folder/wrong.svg > /dev/null 2>&1"), 0,
        'it is XML' if !system('command -v xmllint > /dev/null');

my $storm = record('storm', '--cpus 4 --exec storm --append "trace=+lock seed=3"');
($status, $words) = regionviz('locks', "$storm --text");
is $status, 0, 'four processors';
like $words, qr/the first moment at which the most processors wait, \d/, 'are shown when the most of them wait';
like $words, qr/^ +waits for  \w+ at 0xf+\w+ since event [\d,]+, which (?:cpu \d holds|is free again)$/m,
        'for which lock, and who holds it';
like $words, qr/^No violation of the order$/m, 'nothing is wrong with the order';
regionviz('locks', "$storm -o $folder/storm.svg");
my %free = map { $_ => 1 } $words =~ /(0xf+\w+) since event [\d,]+, which is free again$/mg;
is scalar(() = text_of("$folder/storm.svg") =~ /, free again</g), scalar(keys %free),
        'the picture says which lock is free again, too';

my $many = record('many', '--cpus 8 --exec storm --append "trace=+lock seed=3"');
(undef, $said) = regionviz('locks', "$many -o $folder/many.svg");
my ($width) = $said =~ /; ([\d,]+) x [\d,]+ pixels$/;
cmp_ok $width =~ tr/,//dr, '<=', 1400, 'eight processors fit a screen' or diag $said;

my ($event) = $words =~ /locks at event ([\d,]+)/;
$event =~ tr/,//d;
my (undef, $again) = regionviz('locks', "$storm --text --at $event");
s/^.*\n// for $words, $again;
is $again, $words, '--at shows the same moment';
my (undef, $end) = regionviz('locks', "$storm --text --at end");
like $end, qr/: as asked\n\nWho holds and who waits\n  every processor: no lock\n/, 'at the end no lock is held';

(undef, my $chosen) = regionviz('locks', "$storm --text --at op:9 --tree 1");
like $chosen, qr/locks at event [\d,]+: as asked\n/, 'an operation of a tree is a moment, too';
like $chosen, qr/ kernel_memory at 0x\w+ since/, 'at which the processor that does it holds the lock of the tree';
my $quiet = record('quiet', '--exec maps');
(undef, $words) = regionviz('locks', "$quiet --text");
like $words, qr/has no events of locks: record it with --append trace=\+lock/,
        'a recording without events of locks says how to make one';

refused('locks', $wrong, qr/name the file to write/);
refused('locks', "$wrong --at last-search --text", qr/--at takes an event/);
refused('locks', "$wrong --at op:9999999 --text", qr/has no operation 9,999,999/);
refused('locks', "$wrong --at 999999 --text", qr/there is no event 999,999; the last one is/);
refused('locks', "$wrong -o locks.gif", qr/must end in \.svg/);
refused('locks', "--text", qr/it takes one recording/);
refused('locks', "/nowhere --text", qr/cannot be opened/);
done_testing;
