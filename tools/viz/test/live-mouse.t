#!/usr/bin/perl
# The mouse in `regionviz live': a press and a drag on the scrub bar, in both forms in which terminals send them; and
# that the terminal sends none of it to the shell afterwards.
use strict;
use warnings;
use File::Basename qw(dirname);
use File::Temp qw(tempdir);
use Test::More;
use lib dirname(__FILE__);
use Terminal;

plan skip_all => 'there is no tmux' if system('command -v tmux > /dev/null 2>&1');

my $build = $ENV{BUILD} // 'build';
my $folder = tempdir(CLEANUP => 1);
my ($columns, $rows) = (120, 40);

system("$build/host/run_script kernel/user/workloads/teaching.ops -o $folder/run.rtrace > /dev/null") == 0
        or BAIL_OUT('run_script failed');

# What terminals send: SGR (xterm) and X10 (tmux, screen). Columns and rows count from 1; a drag adds 32 to the button.
my %sends = (
        "xterm-256color" => sub {
                my ($button, $x, $y, $is_released) = @_;
                return "\e[<$button;$x;$y" . ($is_released ? "m" : "M");
        },
        "tmux-256color" => sub {
                my ($button, $x, $y, $is_released) = @_;
                return "\e[M" . join "", map { chr($_ + 32) } $is_released ? 3 : $button, $x, $y;
        },
);

sub event_of { return ($_[0]->screen =~ /event ([\d,]+) of/)[0] =~ tr/,//dr }

# Waits until the event is in a range, as a column of the bar is several events.
sub is_at {
        my ($terminal, $from, $to, $what) = @_;

        ok $terminal->wait_until(sub { my $event = event_of($terminal); $event >= $from && $event <= $to }), $what
                or diag 'it is at event ' . event_of($terminal);
}

for my $type (sort keys %sends) {
        my $mouse = $sends{$type};
        my $terminal = Terminal->new(columns => $columns, rows => $rows, environment => { TERM => $type },
                command => "$build/regionviz live $folder/run.rtrace");

        $terminal->shows(qr/event 12 of 1,557.*F10Quit/s, "$type: it begins");
        my $bar = $rows - 1;
        my ($row) = grep { /PAST/ } $terminal->lines;
        my $width = index($row, ' PAST') - 2;

        $terminal->write($mouse->(0, 2 + int($width / 2), $bar));
        is_at($terminal, 700, 860, "$type: a press goes to the middle");
        $terminal->write($mouse->(32, 2 + int($width / 4), $bar));
        is_at($terminal, 330, 450, "$type: a drag goes on from there");
        $terminal->write($mouse->(32, 2 + int($width * 3 / 4), $bar - 10));
        is_at($terminal, 1100, 1230, "$type: also beside the bar");
        $terminal->write(join '', map { $mouse->(32, 2 + $_, $bar) } 3 .. $width - 1);
        is_at($terminal, 1500, 1557, "$type: a storm of movements ends where the last one was");
        $terminal->write($mouse->(32, 1, $bar));
        is_at($terminal, 1, 1, "$type: and the left end is the first event");
        $terminal->write($mouse->(0, 1, $bar, 1));
        $terminal->write($mouse->(35, 2 + int($width / 2), $bar));
        $terminal->type('Right');
        $terminal->shows(qr/event (?:[2-9]|1\d) of/, "$type: after the button is released it stays");
        $terminal->type('q');
        $terminal->shows(qr/\Aended with 0/, "$type: it ends");
        like $terminal->ask('display-message', '-p', '-t', 'it', '#{mouse_any_flag}#{mouse_button_flag}'), qr/^0?0$/,
                "$type: the terminal sends nothing of the mouse any more";
}

for my $signal (qw(TERM SEGV)) {
        my $terminal = Terminal->new(columns => $columns, rows => $rows,
                command => "$build/regionviz live $folder/run.rtrace");

        $terminal->shows(qr/event 12 of.*F10Quit/s, 'it begins');
        like $terminal->ask('display-message', '-p', '-t', 'it', '#{mouse_button_flag}'), qr/^1/, 'it asks for drags';
        kill $signal => $terminal->process;
        $terminal->shows(qr/ended with \d+/, "SIG$signal");
        like $terminal->ask('display-message', '-p', '-t', 'it', '#{mouse_any_flag}#{mouse_button_flag}'), qr/^0?0$/,
                'the terminal sends nothing of the mouse any more';
}

done_testing;
