#!/usr/bin/env perl
# `regionviz progress': two processors one against the other, with the locks they take; two threads that race.
use strict;
use warnings;
use utf8;
use open qw(:std :encoding(UTF-8));
use File::Basename qw(dirname);
use Test::More;
use lib dirname(__FILE__);
use Regionviz qw($build $folder build regionviz refused);

build('all');

sub record {
        my ($name, $program, $words) = @_;
        my $machine = "--kernel $build/kernel/understory.elf --initrd $build/initrd.cpio --cpus 2 --console -";
        my $run = "--exec $program --append '$words' -o $folder/$name.rtrace";
        return scalar `$build/regiontrace record $machine $run 2>&1 < /dev/null`;
}

sub content {
        open my $file, '<:raw', $_[0] or return '';
        local $/;
        return scalar <$file>;
}

# --- locks: two processors that change one space

record('locked', 'race:20', 'seed=1 trace=+lock');
my ($status, $words) = regionviz('progress', "$folder/locked.rtrace --text");
is $status, 0, 'two processors: exit status 0' or diag $words;
my $steps = qr/  cpu 0: steps [\d,]+ to [\d,]+ of [\d,]+\n/;
like $words, qr/^cpu 0 and cpu 1, one against the other: the first wait for a lock\n$steps/,
        'it shows the first wait';
my $event = qr/^ +\d+\. event [\d,]+: /m;
like $words, qr/${event}cpu (\d) acquires the lock (\w+)\n(?:.*\n)*${event}cpu (?!\1)\d waits for the lock \2$/m,
        'one acquires the lock, the other waits for it';
like $words, qr/^No race is in this part\.$/m, 'where locks are held there is no race';

# A path enters no rectangle: of two that hold the same lock, one has released it before the other acquires it.
my @pairs = $words =~ /^  \w+: cpu 0 at events ([\d,]+) to ([\d,]+); cpu 1 at events ([\d,]+) to ([\d,]+)$/mg;
tr/,//d for @pairs;
cmp_ok scalar(@pairs), '>=', 8, 'there are rectangles';
my @entered;
while (my ($from0, $to0, $from1, $to1) = splice @pairs, 0, 4) {
        push @entered, "$from0-$to0 $from1-$to1" if $from0 < $to1 && $from1 < $to0;
}
is_deeply \@entered, [], 'and no path enters one';

for my $format ([ svg => qr/^<\?xml/ ], [ png => qr/^\x89PNG/ ], [ pdf => qr/^%PDF/ ], [ dot => qr/^graph / ]) {
        my ($code, $said) = regionviz('progress', "$folder/locked.rtrace -o $folder/out.$format->[0]");

        is $code, 0, "$format->[0]: exit status 0" or diag $said;
        like $said, qr/: cpu 0 and cpu 1, the first wait for a lock; [\d,]+ x [\d,]+ pixels$/, 'says what it drew';
        like content("$folder/out.$format->[0]"), $format->[1], 'and is one';
}

# The circles with the numbers of the notes stay clear of each other, however small a step is.
regionviz('progress', "$folder/locked.rtrace --steps 400 -o $folder/many.svg");
my @note = content("$folder/many.svg") =~ m{class="node\ note"[^>]*>(?:<title>[^<]*</title>)?
                                            <(?:circle|ellipse)\ cx="([\d.]+)"\ cy="([\d.]+)"}xg;
my $nearest = 1e9;
for my $i (0 .. @note / 2 - 1) {
        for my $j (0 .. $i - 1) {
                my $away = sqrt(($note[2 * $i] - $note[2 * $j]) ** 2 + ($note[2 * $i + 1] - $note[2 * $j + 1]) ** 2);
                $nearest = $away if $away < $nearest;
        }
}
ok @note >= 6 && $nearest >= 18, 'numbers do not cover each other' or diag "@note";
my $svg = content("$folder/out.svg");
like $svg, qr{<title id="title">cpu 0 and cpu 1, one against the other</title>\n<desc id="description">cpu 0 and cpu 1},
        'title and description';
like $svg, qr/class="node lock"/, 'locks are rectangles';
like $svg, qr/<path class="edge path" d="M[^"]+"/, 'the path is there';
unlike $svg, qr/class="node race"/, 'and no race';

# The path goes right and up, never through the inside of a lock's rectangle.
my ($path) = $svg =~ /<path class="edge path" d="M([^"]+)"/;
my @at = $path =~ /([\d.]+) ([\d.]+)/g;
my @points = map { [ @at[ 2 * $_, 2 * $_ + 1 ] ] } 0 .. $#at / 2;
my @back = grep { $points[$_][0] < $points[ $_ - 1 ][0] || $points[$_][1] > $points[ $_ - 1 ][1] } 1 .. $#points;
is_deeply \@back, [], 'the path never goes back';
my @inside;
while ($svg =~ /class="node lock">.*?<rect x="([\d.]+)" y="([\d.]+)" width="([\d.]+)" height="([\d.]+)"/g) {
        my ($x, $y, $width, $height) = ($1, $2, $3, $4);
        push @inside, "$x $y"
                if grep { $_->[0] > $x && $_->[0] < $x + $width && $_->[1] > $y && $_->[1] < $y + $height } @points;
}
is_deeply \@inside, [], 'nor through a rectangle';

# --- a race: threads that count without a lock, under a schedule that loses a count

my ($seed) = grep { record('race', 'race:once', "schedule=$_") =~ /without a lock: [12]$/m } 1 .. 30;
ok $seed, 'a schedule loses a count' or BAIL_OUT('no race to be seen');
($status, $words) = regionviz('progress', "$folder/race.rtrace --call getpid --text -o $folder/race.svg");
is $status, 0, "two threads, schedule $seed: exit status 0" or diag $words;
like $words, qr/^(task \d+ \(race\)) and (task \d+ \(race\)), one against the other: the first race$/m,
        'it finds the two that race';
like $words, qr/^Races: both were between check and act at the same time\n  getpid: task \d+ \(race\) at events /m,
        'and where';
like $words, qr/has checked, and calls getpid\n.*has checked, and calls getpid\n.*has acted/,
        'both have checked before either acts';
like content("$folder/race.svg"), qr/class="node race">.*?<rect/, 'in the picture it is marked';
like content("$folder/race.svg"), qr/class="REFUSED"[^>]*>race</, 'in words, too';
my ($first, $second) = $words =~ /^task (\d+) \(race\) and task (\d+)/m;
like +(regionviz('progress', "$folder/race.rtrace --call getpid --axes task:$second,task:$first -w"))[1],
        qr/^task $second .* and task $first .*: the first race$/m,
        'the axes can be chosen';
like +(regionviz('progress', "$folder/race.rtrace -w"))[1], qr/record with trace=\+lock/,
        'it says if locks were not traced';
like +(regionviz('progress', "$folder/locked.rtrace --at 500 --steps 10 -w"))[1],
        qr/: the event that was asked for\n  cpu 0: steps ([\d,]+) to /, 'an event that is asked for';

# --- what cannot be drawn

my $file = "$folder/race.rtrace";
refused('progress', $file, qr/name the file to write/);
refused('progress', "$file -o x.gif", qr/must end in/);
refused('progress', "$file -w --axes cpu:0", qr/--axes takes two/);
refused('progress', "$file -w --axes cpu:0,cpu:77", qr/cpu 77 has no events/);
refused('progress', "$file -w --call nosuch", qr/there is no system call "nosuch"/);
refused('progress', "$file -w --call reboot,", qr/there is no system call/);
refused('progress', "$file -w --steps 1000", qr/--steps takes 4 to 400/);
refused('progress', "$file -w --at soon", qr/--at takes a number/);
refused('progress', "$file $file -w", qr/it takes one recording/);
refused('progress', "- -w", qr/it must be a file/);
refused('progress', "$folder/none.rtrace -w", qr/none\.rtrace: .*No such file/);
system("$build/host/run_script kernel/user/workloads/teaching.ops -o $folder/one.rtrace > /dev/null");
refused('progress', "$folder/one.rtrace -w", qr/only one cpu has events/);
like +(regionviz('progress', '--help'))[1], qr/^usage: regionviz progress/, '--help';
done_testing;
