# A program in a real terminal (tmux): keys typed, the screen read back. Nothing sleeps: every wait is for what the
# screen shows.
#
#       my $terminal = Terminal->new(columns => 80, rows => 24, command => "build/regionviz live run.rtrace");
#       $terminal->shows(qr/op 57/, 'it begins at the operation');
#       $terminal->type('Right', 'q');
package Terminal;
use strict;
use warnings;
use File::Basename qw(dirname);
use File::Temp qw(tempdir);
use Scalar::Util qw(weaken);
use Test::More;
use lib dirname(__FILE__) . '/../../test';
use Processes qw(children_of);

my @running;
my $seconds = $ENV{CI} ? 60 : 15;       # what a busy machine may take for something that takes a moment

sub new {
        my ($class, %of) = @_;
        my $self = bless { folder => tempdir(CLEANUP => 1), owner => $$ }, $class;
        my $environment = join ' ', map { "$_='$of{environment}{$_}'" } sort keys %{ $of{environment} // {} };

        $self->{columns} = $of{columns} // 80;
        $self->{rows} = $of{rows} // 24;
        $self->tmux('new-session', '-d', '-s', 'it', '-x', $self->{columns}, '-y', $self->{rows},
                "env LANG=C.UTF-8 TERM=tmux-256color $environment $of{command}; " .
                "printf 'ended with %s' \$?; read -r REPLY")
                or die "tmux does not start\n";
        push @running, $self;
        weaken $running[-1];
        return $self;
}

sub tmux {
        my $self = shift;
        return system('tmux', '-S', "$self->{folder}/socket", '-f', '/dev/null', @_) == 0;
}

sub ask {
        my $self = shift;
        open my $answer, '-|', 'tmux', '-S', "$self->{folder}/socket", @_ or return '';
        binmode $answer, ':encoding(UTF-8)';
        local $/;
        return scalar(<$answer>) // '';
}

sub screen { return $_[0]->ask('capture-pane', '-p', '-t', 'it') }
sub lines { return split /\n/, $_[0]->screen }
# With colours, as escape sequences.
sub colours { return $_[0]->ask('capture-pane', '-p', '-e', '-t', 'it') }

sub type {
        my ($self, @keys) = @_;
        $self->tmux('send-keys', '-t', 'it', $_) for @keys;
}

# Text as it is, without names of keys.
sub write { return $_[0]->tmux('send-keys', '-t', 'it', '-l', $_[1]) }

sub resize {
        my ($self, $columns, $rows) = @_;
        $self->tmux('resize-window', '-t', 'it', '-x', $columns, '-y', $rows);
        @$self{qw(columns rows)} = ($columns, $rows);
}

# The process id of the program in the terminal.
sub process {
        my ($self) = @_;
        my ($shell) = $self->ask('list-panes', '-t', 'it', '-F', '#{pane_pid}') =~ /(\d+)/;
        my ($child) = children_of($shell);
        return $child // $shell;
}

sub wait_until {
        my ($self, $holds) = @_;
        my $end = time + $seconds;
        my $found;

        until ($found = $holds->()) {
                return if time > $end;
                select undef, undef, undef, 0.02;
        }
        return $found;
}

# Waits until the screen looks so; if it never does, shows it.
sub shows {
        my ($self, $pattern, $what) = @_;
        my $found = $self->wait_until(sub { $self->screen =~ $pattern });

        ok $found, $what or diag "It does not look like $pattern. The screen shows:\n", map { "    $_\n" } $self->lines;
        return $found;
}

sub end {
        my ($self) = @_;
        local $?;
        $self->tmux('kill-server') if $$ == $self->{owner} && -S "$self->{folder}/socket";
}

sub DESTROY { $_[0]->end }

# Those that still run at the end of the test: before their folders, and the sockets in them, are removed.
END { $_ && $_->end for @running }

1;
