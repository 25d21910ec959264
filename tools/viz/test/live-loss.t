#!/usr/bin/env perl
# The viewer on a kernel whose line damages frames: it asks for a keyframe, and says what is unknown until it arrives.
use strict;
use warnings;
use utf8;
use open qw(:std :encoding(UTF-8));
use Cwd qw(abs_path);
use File::Basename qw(dirname);
use Test::More;
use lib dirname(__FILE__), dirname(__FILE__) . '/../../trace/test', dirname(__FILE__) . '/../../test';

plan skip_all => 'tmux is not installed' if system('command -v tmux > /dev/null');
plan skip_all => 'there are no terminals here: /dev/pts is not mounted' if $^O eq 'linux' && !-e '/dev/pts/ptmx';
plan skip_all => 'there is no qemu-system-x86_64' if system('command -v qemu-system-x86_64 > /dev/null');
use Controlled qw($build $folder finish said slurp start);
use Frames qw(uncobs);
require Terminal;

my $make = $ENV{MAKE} // 'make';
system("$make --no-print-directory BUILD=$build kernel initrd tools > $folder/make.log 2>&1") == 0
        or BAIL_OUT('cannot build: see `make tools\'');

# 30 frames are damaged; 150 frames behind them the line waits until the viewer has sent a command.
my ($qemu) = grep { -x } map { "$_/qemu-system-x86_64" } split /:/, $ENV{PATH};
mkdir "$folder/bin" or die "$folder/bin: $!\n";
symlink abs_path(dirname(__FILE__) . '/../../trace/test/damaging-line'), "$folder/bin/qemu-system-x86_64"
        or die "symlink: $!\n";
my $run = do {
        local @ENV{qw(DAMAGE_REAL PATH)} = ($qemu, "$folder/bin:$ENV{PATH}");
        local @ENV{qw(DAMAGE_AT DAMAGE_COUNT DAMAGE_ASKS)} = (150, 30, 150);
        start('pause=0:200', '--exec', 'spawn:100', '--cpus', 2, '--deadline', 0);
};
for (1 .. 500) {
        last if -S "$run->{folder}/control";
        select undef, undef, undef, 0.02;
}
my $terminal = Terminal->new(columns => 120, rows => 40, command => "$build/regionviz live --attach $run->{folder}");
$terminal->shows(qr/PRESENT: kernel stands/, 'a kernel whose line will damage frames');
$terminal->type('P');
$terminal->shows(qr/PRESENT: kernel has ended/, 'it runs to its end');
is finish($run), 0, 'the run passes' or diag said($run);

my %bodies;
for my $frame (split /\0/, slurp($run->{recording})) {
        my $body = uncobs($frame);
        $bodies{substr $body, 0, 1}++ if length $body;
}
is $bodies{A}, 2, 'the viewer has sent two commands: to go on, and for a keyframe';
my ($said) = grep { /until the keyframe at event/ } qx($build/regiontrace check --all 100 $run->{recording} 2>&1);
my ($loss, $missing, $keyframe) = map { tr/,//dr }
        $said =~ /event ([\d,]+): ([\d,]+) events missing; .* keyframe at event ([\d,]+)/
        or BAIL_OUT("no loss: $said");
my ($first) = map { /^\s*([\d,]+)/ ? $1 =~ tr/,//dr : () }
        qx($build/regiontrace dump -e keyframe_end $run->{recording} 2> /dev/null);

# The kernel's own tree, since it is there all the time. Its next operation behind the loss has a number that shows that
# others are missing: from there on the tree is unknown. Half the way to the keyframe is thousands of events.
sub go_to {
        my ($event) = @_;
        $terminal->type(':');
        $terminal->write($event);
        $terminal->type('Enter');
        $terminal->wait_until(sub { $terminal->screen !~ /go to event/ });
}
go_to($first);
$terminal->type('a', 'Enter');
$terminal->shows(qr/kernel · \d+ regions/, 'before the loss the tree is known');
go_to(int(($loss + $missing + $keyframe) / 2));
my $tree = qr/Unknown since event [\d,]+: events are missing.*kernel · unknown.*what it holds is unknown/s;
my $counters = qr/unknown since event [\d,]+.*lost +[\d,]+ events/s;
$terminal->shows(qr/$tree.*$counters.*\?{20}/s,
        'behind it the tree, the counters and the bar say that they are unknown');
go_to($keyframe);
$terminal->shows(qr/kernel · \d+ regions · height/, 'behind the keyframe it is known again');
unlike $terminal->screen, qr/[Uu]nknown|Unconfirmed/, 'and nothing says otherwise';
$terminal->type('q');
$terminal->shows(qr/\Aended with 0/, 'it ends');
done_testing;
