# Generated from openapi.json and build/generate/powershell/commands.ts: npm run generate.
function Set-SyncwardenTarget {
    <#
    .SYNOPSIS
    Creates a target, or replaces it as a whole.

    .DESCRIPTION
    Calls PUT /api/targets/{targetId}.
    Needs the app role Syncwarden.Admin.
    With -WhatIf nothing is sent.

    .PARAMETER TargetId
    Id of the target.

    .PARAMETER DisplayName
    What people call it: shown first, searched, and part of no verdict.

    .PARAMETER Customer
    Whose it is, where one provider looks after many.

    .PARAMETER Tags
    Words to find it by.

    .PARAMETER TenantId
    Id of the tenant.

    .PARAMETER VendorProfile
    What the vendor requires: the id of a profile.

    .PARAMETER ServiceAccount
    The account that the vendor signs in with: its user principal name, any of its SMTP addresses, or its object id. Left out for a profile without one.

    .PARAMETER ClientAppId
    Application (client) id of the vendor's application. May be left out where the profile knows it.

    .PARAMETER AuthorizedViaServiceAccount
    Whether "Authorize via service account" of the vendor is in use, which needs EWS.AccessAsUser.All.

    .PARAMETER Rooms
    The rooms that must be reached.

    .PARAMETER BookingWindowInDays
    How many days ahead rooms can be booked, as set in the booking product; not compared unless given.

    .PARAMETER Protocol
    How the product reaches mailboxes, where its vendor leaves that open: Exchange Web Services, or Microsoft Graph.

    .PARAMETER ExchangeReader
    How Exchange is read: through Microsoft Graph, or by its own admin API.

    .PARAMETER SignInSilentDays
    After how many days without a successful sign-in the product counts as silent.

    .PARAMETER Access
    rooms-only: a permission that no scope limits is a violation.

    .PARAMETER AcceptRetiredRole
    Whether the role ApplicationImpersonation of the service account counts.

    .PARAMETER License
    The product that a repair would assign, and the country to set where the account has none.

    .PARAMETER AllowedExtraGrants
    Permissions beyond the profile that this customer accepts: of Microsoft Graph by their name alone, others with their resource, as in Office 365 Exchange Online/Mail.Read; delegated: or application: in front for one kind alone.

    .PARAMETER AllowedExtraRoles
    Roles of Exchange beyond the profile that this customer accepts for the application.

    .PARAMETER ScopeGroups
    Distinguished name in a MemberOfGroup filter → address of that group.

    .PARAMETER Paused
    Not enqueued, never stale, and not in health or score.

    .EXAMPLE
    Set-SyncwardenTarget new-rooms -TenantId c0170507-0000-4000-8000-000000000001 -VendorProfile condeco-exchange-sync -ServiceAccount svc-condeco@contoso.com -ClientAppId 7e57ab1e-0000-4000-8000-00000000c0de -Rooms @{ source = 'all'; desks = 'ignore' }

    A new target. What is left out gets its default.

    .EXAMPLE
    Get-SyncwardenTarget new-rooms | Set-SyncwardenTarget -Paused $true

    The same target as it was, but paused.

    .LINK
    Connect-Syncwarden
    #>
    [CmdletBinding(SupportsShouldProcess, ConfirmImpact = 'Medium', PositionalBinding = $false)]
    [OutputType('Syncwarden.Target')]
    param(
        [Parameter(Mandatory, Position = 0, ValueFromPipelineByPropertyName)]
        [string] $TargetId,

        [Parameter(ValueFromPipelineByPropertyName)]
        [string] $DisplayName,

        [Parameter(ValueFromPipelineByPropertyName)]
        [string] $Customer,

        [Parameter(ValueFromPipelineByPropertyName)]
        [string[]] $Tags,

        [Parameter(Mandatory, ValueFromPipelineByPropertyName)]
        [string] $TenantId,

        [Parameter(Mandatory, ValueFromPipelineByPropertyName)]
        [Alias('Profile')]
        [ValidateSet('askcody', 'biamp-evoko-liso', 'condeco-exchange-sync', 'condeco-microsoft-365-integration', 'envoy-rooms', 'joan', 'meeting-room-365', 'neowit', 'planon-connect-for-calendars', 'ricoh-spaces', 'robin-application', 'robin-delegate', 'robin-full-access', 'roomz-account', 'roomz-application', 'webex-hybrid-calendar', 'zoom-rooms-account', 'zoom-rooms-application')]
        [string] $VendorProfile,

        [Parameter(ValueFromPipelineByPropertyName)]
        [string] $ServiceAccount,

        [Parameter(ValueFromPipelineByPropertyName)]
        [string] $ClientAppId,

        [Parameter(ValueFromPipelineByPropertyName)]
        [bool] $AuthorizedViaServiceAccount,

        [Parameter(ValueFromPipelineByPropertyName)]
        [psobject] $Rooms,

        [Parameter(ValueFromPipelineByPropertyName)]
        [ValidateRange(0, 1080)]
        [int] $BookingWindowInDays,

        [Parameter(ValueFromPipelineByPropertyName)]
        [ValidateSet('ews', 'graph')]
        [string] $Protocol,

        [Parameter(ValueFromPipelineByPropertyName)]
        [ValidateSet('graph', 'admin-api')]
        [string] $ExchangeReader,

        [Parameter(ValueFromPipelineByPropertyName)]
        [ValidateRange(1, 30)]
        [int] $SignInSilentDays,

        [Parameter(ValueFromPipelineByPropertyName)]
        [ValidateSet('vendor-default', 'rooms-only')]
        [string] $Access,

        [Parameter(ValueFromPipelineByPropertyName)]
        [bool] $AcceptRetiredRole,

        [Parameter(ValueFromPipelineByPropertyName)]
        [psobject] $License,

        [Parameter(ValueFromPipelineByPropertyName)]
        [string[]] $AllowedExtraGrants,

        [Parameter(ValueFromPipelineByPropertyName)]
        [string[]] $AllowedExtraRoles,

        [Parameter(ValueFromPipelineByPropertyName)]
        [psobject] $ScopeGroups,

        [Parameter(ValueFromPipelineByPropertyName)]
        [bool] $Paused
    )
    process {
        Invoke-Operation -Cmdlet $PSCmdlet -Operation 'target-put' -Given $PSBoundParameters -TypeName 'Syncwarden.Target' -Action 'Create or replace the target'
    }
}
